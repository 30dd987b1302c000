#pragma once
// Everything that can be set about one run, as plain data. The names, units, ranges and help are rows of
// parameter_table.h; nothing else lists parameters.

#include <cstdint>
#include <string>

namespace lab {

/// The values of Config::optimizer.
inline constexpr const char *kSgd = "sgd", *kAdam = "adam";

/// The values of Config::precision.
inline constexpr const char *kFloat32 = "float32", *kBfloat16 = "bfloat16";

struct Config {
  // Data and model
  std::string dataset = "fashion-mnist";
  int64_t train_samples = 0;  ///< 0: all
  int64_t validation_samples = 5000;
  int64_t test_samples = 0;  ///< 0: all
  int64_t image_size = 0;    ///< pixels a side; 0: as they come
  std::string image_fit = "pad";
  std::string image_channels = "auto";
  std::string augmentation = "none";
  std::string augmentation_padding = "reflect";
  std::string synthetic_shape = "1x28x28";  ///< dataset synthetic only, as the next
  int64_t synthetic_classes = 10;
  std::string model = "mlp";
  std::string hidden_widths = "1024,512";  ///< model mlp only

  // Sparsity
  double sparsity = 0.98;  ///< fraction of maskable weights that is zero: 1 - density
  std::string distribution = "erk";
  std::string initialization = "sparse-fan-in";
  std::string initial_mask = "random";   ///< how the first connections are chosen
  int64_t initial_mask_samples = 1280;   ///< training images that snip and grasp look at
  std::string constraint = "none";       ///< structure that the connections keep: "constant-fan-in", "2:4", ...
  double initial_sparsity = 0;           ///< from which methods that prune gradually start

  // Exploration
  std::string method = "set";
  int64_t update_interval = 100;  ///< ΔT, optimizer steps
  double prune_rate = 0.5;        ///< ζ0, fraction of the active weights dropped by an update
  std::string prune_schedule = "cosine";
  double prune_rate_floor = 0.005;  ///< the schedule's end value
  double update_begin = 0.0;        ///< fraction of training before which the topology stays
  double update_end = 1.0;          ///< fraction of training after which the topology stays
  std::string drop = "auto";        ///< auto: the method's rule
  std::string grow = "auto";
  std::string redistribution = "none";
  std::string pruning_scope = "layer";
  double drop_threshold = 0.001;    ///< |w| below which the threshold rules drop
  double drop_temperature = 0.3;    ///< of the drop rule soft
  double round_prune_rate = 0.2;    ///< share of the survivors that a round of iterative pruning drops
  int64_t rewind_epoch = 0;         ///< whole epochs of the first round whose weights the next rounds start from
  double threshold_start = -7;      ///< s of the learned thresholds sigmoid(s) at the start
  std::string update_order = "itop";
  bool regrow_dropped = true;  ///< may a position dropped by this update be grown by it
  int64_t reliable_steps = 20;
  bool keep_regrown = false;  ///< then it keeps weight and momentum
  std::string semantics = "exact";

  // Training
  int64_t batch_size = 128;
  int64_t epochs = 12;
  double time_multiplier = 1.0;
  double learning_rate = 0.1;
  std::string learning_rate_schedule = "step";
  std::string learning_rate_milestones = "0.5,0.75";  ///< schedule step: fractions of the training, or whole epochs
  double learning_rate_decay = 0.1;                   ///< schedule step: factor at each milestone
  double warmup_epochs = 0;                           ///< epochs in which the rate rises from 0
  std::string optimizer = kSgd;
  double momentum = 0.9;
  bool nesterov = true;
  double adam_beta1 = 0.9, adam_beta2 = 0.999;
  double adam_epsilon = 1e-8;
  double weight_decay = 5e-4;
  bool weight_decay_on_norms = true;
  double label_smoothing = 0;
  int64_t seed = 1;
  double evaluate_every = 1.0;  ///< epochs
  int64_t report_every = 100;   ///< optimizer steps

  // Engine
  std::string engine = "auto";
  std::string precision = kFloat32;  ///< of products and activations; weights and optimizer state are float32
  int64_t threads = 1;
  std::string data_root;         ///< empty: the usual places
  double mask_history_mib = 64;  ///< budget of the recorded mask history
  bool save_weights = true;      ///< of the finished network
  double checkpoint_every = 60;  ///< seconds; 0: only at a pause or a stop
  bool tensorboard = true;       ///< an event file beside metrics.csv

  bool operator==(const Config&) const = default;

  double density() const { return 1.0 - sparsity; }
  int64_t totalEpochs() const;  ///< epochs × time_multiplier, rounded, at least 1
};

}  // namespace lab
