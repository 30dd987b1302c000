#pragma once
// Where a run stands: epochs, steps and progress. The last, short batch of an epoch is kept.

#include <algorithm>
#include <cstdint>

namespace lab {

struct Timeline {
  int64_t samples = 0;  ///< training samples an epoch
  int64_t batch = 0;
  int64_t epochs = 0;

  int64_t stepsPerEpoch() const { return (samples + batch - 1) / batch; }
  int64_t steps() const { return epochs * stepsPerEpoch(); }

  /// (epoch + fraction of it) / epochs after `step` steps, in [0, 1].
  double progressAfter(int64_t step) const {
    const int64_t epoch = step / stepsPerEpoch();
    const int64_t seen = std::min((step % stepsPerEpoch()) * batch, samples);
    return progress(epoch, seen);
  }
  double progress(int64_t epoch, int64_t seen) const {
    return (static_cast<double>(epoch) + static_cast<double>(seen) / static_cast<double>(samples)) /
           static_cast<double>(epochs);
  }
};

}  // namespace lab
