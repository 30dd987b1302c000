#pragma once
// The lives of some of a network's weights, for the raster.

#include "store/mask_replay.h"

#include <optional>
#include <vector>

namespace lab::ui {

struct SampledWeight {
  size_t layer = 0;
  int64_t weight = 0;
  std::vector<lab::ConnectionLife> lives;
};

/// At most `most` of the weights explored until the last moment, of a layer or of all, each as likely as any other
/// and mostly the same ones while the run goes on. Those that came first are first.
std::vector<SampledWeight> sampleLives(const lab::MaskReplay& replay, std::optional<size_t> layer, size_t most);

}  // namespace lab::ui
