#include "parameters/parameter_rows.h"

#include "parameters/choices.h"

#include <array>

namespace lab {

namespace {

constexpr Group kSparsity = Group::Sparsity;

constexpr std::array kRows{
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
    Parameter{.key = "initial_mask",
              .label = "First connections",
              .unit = "",
              .help =
                  "How the first connections are chosen. random: uniformly in each layer; snip, grasp and "
                  "synflow: by what they are worth before training, over the whole network, so that "
                  "distribution plays no part. Any dynamic method can start from them.",
              .group = kSparsity,
              .member = &Config::initial_mask,
              .choices = choices::initialMask},
    Parameter{.key = "initial_mask_samples",
              .label = "Images for them",
              .unit = "images",
              .help =
                  "Training images that snip and grasp look at, in the order of the first epoch.",
              .group = kSparsity,
              .member = &Config::initial_mask_samples,
              .minimum = 1,
              .maximum = 1e6,
              .scale = Scale::Logarithmic},
    Parameter{.key = "constraint",
              .label = "Structure",
              .unit = "",
              .help =
                  "Structure that the connections keep. constant-fan-in: every unit of a layer has equally "
                  "many inputs (Lasby et al. 2024). N:M, such as 2:4: at most N of each M consecutive "
                  "inputs (Zhou et al. 2021). none: any.",
              .group = kSparsity,
              .member = &Config::constraint},
    Parameter{.key = "initial_sparsity",
              .label = "Sparsity at the start",
              .unit = "",
              .help =
                  "Where methods that prune gradually (gmp, granet) begin; sparsity is where they end.",
              .group = kSparsity,
              .member = &Config::initial_sparsity,
              .maximum = 1,
              .maximumExclusive = true},
};

}  // namespace

std::span<const Parameter> sparsityRows() { return kRows; }

}  // namespace lab
