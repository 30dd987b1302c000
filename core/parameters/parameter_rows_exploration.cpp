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
                  "random, explore-first prefers connections never tried, rigl follows the gradient, snfs the "
                  "momentum, gmp and granet prune a denser network, dense has all connections. "
                  "`itoplab list methods` tells of all.",
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
    Parameter{.key = "update_begin",
              .label = "Exploration begins",
              .unit = "fraction of training",
              .help =
                  "Before this fraction of training the topology stays.",
              .group = kExploration,
              .member = &Config::update_begin,
              .maximum = 1,
              .maximumExclusive = true},
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
    Parameter{.key = "redistribution",
              .label = "Redistribution",
              .unit = "",
              .help =
                  "Which layers grow what an update dropped. none: each its own; momentum: in proportion to "
                  "their mean |momentum| (SNFS); survivors: in proportion to the weights they kept (DSR).",
              .group = kExploration,
              .member = &Config::redistribution,
              .choices = choices::redistribution},
    Parameter{.key = "pruning_scope",
              .label = "Compared within",
              .unit = "",
              .help =
                  "Whether the least weights are sought in each layer or in the whole network at once.",
              .group = kExploration,
              .member = &Config::pruning_scope,
              .choices = choices::pruningScope},
    Parameter{.key = "drop_threshold",
              .label = "Drop threshold",
              .unit = "",
              .help =
                  "|w| below which the rule threshold drops, and at which adaptive-threshold starts.",
              .group = kExploration,
              .member = &Config::drop_threshold,
              .minimum = 1e-9,
              .maximum = 1e3,
              .scale = Scale::Logarithmic},
    Parameter{.key = "drop_temperature",
              .label = "Drop temperature",
              .unit = "",
              .help =
                  "Of the drop rule soft: weights are dropped by log |w| + T × noise. 0 is by magnitude, "
                  "large is by chance.",
              .group = kExploration,
              .member = &Config::drop_temperature,
              .maximum = 1e3},
    Parameter{.key = "round_prune_rate",
              .label = "Pruned a round",
              .unit = "",
              .help =
                  "Share of the surviving weights that each round of iterative pruning drops; 0.2 in "
                  "Frankle and Carbin 2019. The rounds go on until sparsity is reached.",
              .group = kExploration,
              .member = &Config::round_prune_rate,
              .maximum = 1,
              .minimumExclusive = true,
              .maximumExclusive = true},
    Parameter{.key = "rewind_epoch",
              .label = "Rewind to",
              .unit = "epochs",
              .help =
                  "Epoch of the first round whose weights every later round starts from; 0: the first "
                  "weights (Frankle et al. 2020 rewind to an early epoch).",
              .group = kExploration,
              .member = &Config::rewind_epoch,
              .maximum = 1e5},
    Parameter{.key = "threshold_start",
              .label = "First threshold s",
              .unit = "",
              .help =
                  "Learned thresholds are sigmoid(s) with this s at the start: the larger, the sparser the "
                  "network becomes (Kusupati et al. 2020). The sparsity is found, not asked for.",
              .group = kExploration,
              .member = &Config::threshold_start,
              .minimum = -1000,
              .maximum = 100},
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
    Parameter{.key = "keep_regrown",
              .label = "Keep regrown",
              .unit = "",
              .help =
                  "Whether a position that is dropped and grown by the same update keeps weight and "
                  "momentum, as if it had stayed; otherwise it starts anew at 0.",
              .group = kExploration,
              .member = &Config::keep_regrown},
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
    Parameter{.key = "semantics",
              .label = "Semantics",
              .unit = "",
              .help =
                  "exact: what the paper describes, done right. official: with the deviations of the "
                  "paper's published code that change the numbers of a run (coin-flip growth, drops by "
                  "threshold, an update at the last step, ...), to compare with published numbers; masked "
                  "engine only.",
              .group = kExploration,
              .member = &Config::semantics,
              .choices = choices::semantics},
};

}  // namespace

std::span<const Parameter> explorationRows() { return kRows; }

}  // namespace lab
