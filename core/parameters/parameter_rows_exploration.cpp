#include "parameters/parameter_rows.h"

#include "parameters/choices.h"

#include <array>

namespace lab {

namespace {

constexpr Group kExploration = Group::Exploration;

constexpr std::array kRows{
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
};

}  // namespace

std::span<const Parameter> explorationRows() { return kRows; }

}  // namespace lab
