#include "parameters/parameter_rows.h"

#include "parameters/choices.h"

#include <array>

namespace lab {

namespace {

constexpr Group kEngine = Group::Engine;

constexpr std::array kRows{
    Parameter{.key = "engine",
              .label = "Engine",
              .unit = "",
              .help = "sparse stores and multiplies only active weights (perceptrons); masked multiplies dense "
                      "matrices and simulates sparsity by masks (all networks); cuda does the same on an NVIDIA GPU. auto "
                      "takes the best one for the network and the machine, and the run records which.",
              .group = kEngine,
              .member = &Config::engine,
              .choices = choices::engine},
    Parameter{.key = "precision",
              .label = "Precision",
              .unit = "",
              .help = "Numbers that products and activations are computed in. bfloat16 is several times faster on a "
                      "GPU; weights and optimizer state are float32 always. Engines of the CPU take float32.",
              .group = kEngine,
              .member = &Config::precision,
              .choices = choices::precision},
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
    Parameter{.key = "checkpoint_every",
              .label = "Checkpoint every",
              .unit = "s",
              .help =
                  "Time between two checkpoints, from which a run that was cut off goes on; 0: only at a pause or "
                  "a stop. They take at most about one percent of the time and change no result.",
              .group = kEngine,
              .member = &Config::checkpoint_every,
              .maximum = 86400,
              .affectsResults = false},
    Parameter{.key = "save_weights",
              .label = "Save weights",
              .unit = "",
              .help =
                  "Whether the finished network is kept as weights/final.safetensors. Cells of sweeps and figures "
                  "leave it out unless told otherwise.",
              .group = kEngine,
              .member = &Config::save_weights,
              .affectsResults = false},
    Parameter{.key = "tensorboard",
              .label = "TensorBoard",
              .unit = "",
              .help = "Whether the rows of metrics are also written as an event file that TensorBoard opens.",
              .group = kEngine,
              .member = &Config::tensorboard,
              .affectsResults = false},
};

}  // namespace

std::span<const Parameter> engineRows() { return kRows; }

}  // namespace lab
