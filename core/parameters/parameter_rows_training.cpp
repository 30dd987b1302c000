#include "parameters/parameter_rows.h"

#include "parameters/choices.h"

#include <array>

namespace lab {

namespace {

constexpr Group kTraining = Group::Training;

constexpr std::array kRows{
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
};

}  // namespace

std::span<const Parameter> trainingRows() { return kRows; }

}  // namespace lab
