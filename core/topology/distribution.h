#pragma once
// How many weights each layer keeps. ER: Mocanu et al. 2018; ERK: Evci et al. 2020 (RigL), section 3.

#include "network/network_spec.h"
#include "result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

std::vector<std::string> distributionNames();

struct LayerDensities {
  std::vector<double> target;   ///< d_l asked for, 0..1
  std::vector<int64_t> active;  ///< n_l, whole: the total is exactly round(d N), every n_l >= 1
};

/// uniform: d_l = d. uniform-plus: the first convolution dense, the rest uniform. er: p = (out + in) / (out in).
/// erk: p = Σ shape / Π shape. For er and erk d_l = ε p_l, ε = (Σ_free d N - Σ_dense (1-d) N) / Σ_free p N; all
/// layers of maximal p become dense together until no d_l exceeds 1.
/// Problems: unknown distribution; a density at which a layer keeps no weight.
/// `ignoreOverflow` (official semantics): er has the shares of erk, layers of density above 1 are cut to 1 and nobody
/// gets the rest, so that less than asked is realised.
Result<LayerDensities> layerDensities(std::string_view distribution, const std::vector<WeightLayer>& layers,
                                      double density, bool ignoreOverflow = false);

}  // namespace lab
