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
};

}  // namespace

std::span<const Parameter> sparsityRows() { return kRows; }

}  // namespace lab
