#include "parameters/parameter_table.h"

#include "parameters/choices.h"

#include <array>

namespace lab {

namespace {

constexpr Group kData = Group::DataAndModel;
constexpr Group kSparsity = Group::Sparsity;
constexpr Group kExploration = Group::Exploration;
constexpr Group kTraining = Group::Training;
constexpr Group kEngine = Group::Engine;

constexpr std::array kParameters{
    Parameter{.key = "dataset",
              .label = "Data set",
              .unit = "",
              .help =
                  "The images to classify; the last 5,000 training images are the validation set. Fashion-MNIST "
                  "shows the effect of exploration in seconds; MNIST is easier and shows less.",
              .group = kData,
              .member = &Config::dataset,
              .choices = choices::dataset},
    Parameter{.key = "model",
              .label = "Model",
              .unit = "",
              .help =
                  "The network. Every linear and convolution weight can be sparse, first and last layer included; "
                  "biases never are.",
              .group = kData,
              .member = &Config::model,
              .choices = choices::model},
    Parameter{
        .key = "hidden_widths",
        .label = "Hidden widths",
        .unit = "units",
        .help = "Units of each hidden layer of the model mlp, separated by commas: 1024,512 is the paper's MLP.",
        .group = kData,
        .member = &Config::hidden_widths},
    Parameter{.key = "sparsity",
              .label = "Sparsity",
              .unit = "",
              .help = "Fraction of the maskable weights that is zero at any moment: 1 - density. The sparser the "
                      "network, the more it gains by exploring.",
              .group = kSparsity,
              .member = &Config::sparsity,
              .maximum = 1,
              .maximumExclusive = true},
    Parameter{.key = "distribution",
              .label = "Distribution",
              .unit = "",
              .help =
                  "How the active weights are shared among layers. er: a layer's density in proportion to (out + "
                  "in) / (out in) (Mocanu et al. 2018); erk: Σ shape / Π shape, kernels included (Evci et al. "
                  "2020); uniform: all alike; uniform-plus: the first convolution dense.",
              .group = kSparsity,
              .member = &Config::distribution,
              .choices = choices::distribution},
    Parameter{.key = "initialization",
              .label = "Initialization",
              .unit = "",
              .help =
                  "sparse-fan-in: N(0, 2 / (d fan-in)), scaled to the inputs that a unit of the sparse layer has "
                  "(He et al. 2015). dense-fan-in: U(±1/√fan-in) of the dense layer, then masked, as in the "
                  "published code; much weaker at high sparsity.",
              .group = kSparsity,
              .member = &Config::initialization,
              .choices = choices::initialization},
    Parameter{.key = "method",
              .label = "Method",
              .unit = "",
              .help =
                  "How connections are dropped and grown while training. static never explores, set grows at "
                  "random, explore-first prefers connections never tried, rigl follows the gradient, dense has "
                  "all connections.",
              .group = kExploration,
              .member = &Config::method,
              .choices = choices::method},
    Parameter{.key = "update_interval",
              .label = "Update interval ΔT",
              .unit = "steps",
              .help =
                  "Optimizer steps between two topology updates. Short intervals explore more (R_s rises); too "
                  "short, and new weights are dropped before they could be trained.",
              .group = kExploration,
              .member = &Config::update_interval,
              .takesEffect = TakesEffect::NextUpdate,
              .minimum = 1,
              .maximum = 1e6,
              .scale = Scale::Logarithmic},
    Parameter{
        .key = "prune_rate",
        .label = "Prune rate ζ",
        .unit = "",
        .help = "Fraction of a layer's active weights that an update drops at the start of training; as many are "
                "grown. The schedule takes it from there. The paper uses 0.5.",
        .group = kExploration,
        .member = &Config::prune_rate,
        .takesEffect = TakesEffect::NextUpdate,
        .maximum = 1},
    Parameter{.key = "prune_schedule",
              .label = "Prune-rate schedule",
              .unit = "",
              .help = "How ζ falls over training, as a function of progress p from 0 to 1. cosine: floor + (ζ0 - "
                      "floor)(1 + cos πp)/2 (Dettmers and Zettlemoyer 2019).",
              .group = kExploration,
              .member = &Config::prune_schedule,
              .choices = choices::pruneSchedule},
    Parameter{.key = "prune_rate_floor",
              .label = "Prune-rate floor",
              .unit = "",
              .help = "The ζ at which a falling schedule ends; 0.005 in ITOP, 0 in RigL.",
              .group = kExploration,
              .member = &Config::prune_rate_floor,
              .maximum = 1},
    Parameter{.key = "update_end",
              .label = "Exploration ends",
              .unit = "fraction of training",
              .help =
                  "After this fraction of training the topology stays and its weights settle: 1 in SET and ITOP, "
                  "0.75 in RigL's own recipe.",
              .group = kExploration,
              .member = &Config::update_end,
              .maximum = 1,
              .minimumExclusive = true},
    Parameter{.key = "drop",
              .label = "Drop rule",
              .unit = "",
              .help = "Which active weights an update drops; auto is the method's own rule.",
              .group = kExploration,
              .member = &Config::drop,
              .choices = choices::drop},
    Parameter{.key = "grow",
              .label = "Grow rule",
              .unit = "",
              .help =
                  "Which inactive positions an update grows, with weight and momentum 0; auto is the method's own "
                  "rule.",
              .group = kExploration,
              .member = &Config::grow,
              .choices = choices::grow},
    Parameter{.key = "update_order",
              .label = "Update order",
              .unit = "",
              .help =
                  "itop: the topology update follows the optimizer step, as in the published code of ITOP. rigl: "
                  "it replaces that step, as in the published code of RigL.",
              .group = kExploration,
              .member = &Config::update_order,
              .choices = choices::updateOrder},
    Parameter{.key = "regrow_dropped",
              .label = "Regrow dropped",
              .unit = "",
              .help =
                  "Whether a position that an update has just dropped may be grown by the same update. Its old "
                  "life ends all the same.",
              .group = kExploration,
              .member = &Config::regrow_dropped},
    Parameter{.key = "reliable_steps",
              .label = "Reliable life",
              .unit = "steps",
              .help =
                  "The k of R_rel(k): the share of weights explored in an unbroken life of at least k optimizer "
                  "steps. On Fashion-MNIST lives of about 3 to 30 steps explain accuracy best.",
              .group = kExploration,
              .member = &Config::reliable_steps,
              .minimum = 1,
              .maximum = 1e6,
              .scale = Scale::Logarithmic},
    Parameter{
        .key = "batch_size",
        .label = "Batch size",
        .unit = "samples",
        .help = "Samples a step. Smaller batches mean more steps an epoch, so more topology updates and a higher "
                "R_s, until the noise of the gradient takes over.",
        .group = kTraining,
        .member = &Config::batch_size,
        .takesEffect = TakesEffect::NextEpoch,
        .minimum = 1,
        .maximum = 65536,
        .scale = Scale::Logarithmic},
    Parameter{
        .key = "epochs",
        .label = "Epochs",
        .unit = "epochs",
        .help = "Passes over the training images, before the time multiplier. A longer training explores more at "
                "the same ΔT.",
        .group = kTraining,
        .member = &Config::epochs,
        .minimum = 1,
        .maximum = 1e5,
        .scale = Scale::Logarithmic},
    Parameter{
        .key = "time_multiplier",
        .label = "Time multiplier",
        .unit = "",
        .help = "Stretches training and all its schedules: epochs × multiplier, rounded, at least 1. The paper's "
                "extended training uses 5.",
        .group = kTraining,
        .member = &Config::time_multiplier,
        .minimum = 0.001,
        .maximum = 1000,
        .scale = Scale::Logarithmic},
    Parameter{.key = "learning_rate",
              .label = "Learning rate",
              .unit = "",
              .help = "η of SGD at the start of training: w ← w - η v. The schedule takes it from there.",
              .group = kTraining,
              .member = &Config::learning_rate,
              .takesEffect = TakesEffect::NextUpdate,
              .minimum = 1e-6,
              .maximum = 1e6,
              .scale = Scale::Logarithmic},
    Parameter{.key = "learning_rate_schedule",
              .label = "Learning-rate schedule",
              .unit = "",
              .help =
                  "step: a tenth after half of the epochs and a hundredth after three quarters (ITOP). cosine: "
                  "half a cosine to 0. constant: no change.",
              .group = kTraining,
              .member = &Config::learning_rate_schedule,
              .choices = choices::learningRateSchedule},
    Parameter{.key = "momentum",
              .label = "Momentum",
              .unit = "",
              .help = "μ of SGD: v ← μ v + g, w ← w - η v. Weights that are not active have none.",
              .group = kTraining,
              .member = &Config::momentum,
              .maximum = 1,
              .maximumExclusive = true},
    Parameter{.key = "nesterov",
              .label = "Nesterov",
              .unit = "",
              .help = "Nesterov's momentum: w ← w - η (g + μ v) in place of w ← w - η v.",
              .group = kTraining,
              .member = &Config::nesterov},
    Parameter{.key = "weight_decay",
              .label = "Weight decay",
              .unit = "",
              .help = "λ in g ← g + λ w, on active weights and biases; 0.0005 in the paper.",
              .group = kTraining,
              .member = &Config::weight_decay,
              .maximum = 1},
    Parameter{.key = "seed",
              .label = "Seed",
              .unit = "",
              .help =
                  "Names one repetition: the first mask and weights, the order of samples and every random growth "
                  "follow from it.",
              .group = kTraining,
              .member = &Config::seed,
              .maximum = 2147483647},
    Parameter{.key = "evaluate_every",
              .label = "Evaluate every",
              .unit = "epochs",
              .help =
                  "Time between two evaluations on the validation and test images. Test accuracy is recorded and "
                  "never used for a choice.",
              .group = kTraining,
              .member = &Config::evaluate_every,
              .minimum = 0.001,
              .maximum = 1e5,
              .scale = Scale::Logarithmic},
    Parameter{.key = "report_every",
              .label = "Report every",
              .unit = "steps",
              .help = "Optimizer steps between two rows of metrics; training is not affected.",
              .group = kTraining,
              .member = &Config::report_every,
              .minimum = 1,
              .maximum = 1e9,
              .scale = Scale::Logarithmic,
              .affectsResults = false},
    Parameter{.key = "engine",
              .label = "Engine",
              .unit = "",
              .help = "sparse stores and multiplies only active weights (perceptrons); masked multiplies dense "
                      "matrices and simulates sparsity by masks (all networks). auto takes the best one for the "
                      "network and the run records which.",
              .group = kEngine,
              .member = &Config::engine,
              .choices = choices::engine},
    Parameter{.key = "threads",
              .label = "Threads",
              .unit = "threads",
              .help = "Threads of one run. In a sweep one thread a run uses the processor best.",
              .group = kEngine,
              .member = &Config::threads,
              .minimum = 1,
              .maximum = 256,
              .affectsResults = false},
    Parameter{.key = "data_root",
              .label = "Data folder",
              .unit = "",
              .help = "The folder that holds the data set, or a folder of its name; empty: the usual places.",
              .group = kEngine,
              .member = &Config::data_root,
              .affectsResults = false},
    Parameter{.key = "mask_history_mib",
              .label = "Mask history",
              .unit = "MiB",
              .help =
                  "Budget of the recorded mask history of a run. Beyond it neighbouring updates are merged; R_s "
                  "still replays exactly.",
              .group = kEngine,
              .member = &Config::mask_history_mib,
              .minimum = 0.01,
              .maximum = 65536,
              .scale = Scale::Logarithmic,
              .affectsResults = false},
};

}  // namespace

std::string_view title(Group group) {
  switch (group) {
    case Group::DataAndModel:
      return "Data and model";
    case Group::Sparsity:
      return "Sparsity";
    case Group::Exploration:
      return "Exploration";
    case Group::Training:
      return "Training";
    case Group::Engine:
      return "Engine";
  }
  return "";
}

std::span<const Parameter> parameters() { return kParameters; }

}  // namespace lab
