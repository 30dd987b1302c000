#pragma once
// The numbers of one layer as its masks change: kept from update to update, so that asking costs nothing.

#include "exploration/exploration_tracker.h"
#include "store/replay_state.h"

namespace lab {

class LifeCounts {
 public:
  explicit LifeCounts(const Mask& initial);

  /// After `step`, which led to `moment`. `stepOf`: the optimizer steps of all moments until this one.
  LayerExploration after(const LayerStep& step, size_t moment, const std::vector<int64_t>& stepOf,
                         int64_t reliableSteps);
  LayerExploration initially(int64_t reliableSteps);
  /// After the last update, when so many steps have been done.
  LayerExploration at(int64_t step, const std::vector<int64_t>& stepOf, int64_t reliableSteps) const;

 private:
  void age(const std::vector<int64_t>& stepOf, size_t moment, int64_t reliableSteps);

  Mask initial_;
  LayerExploration now_;
  std::vector<int64_t> living_;  ///< active, by the moment of birth
  size_t firstYoung_ = 0;        ///< the first moment whose lives are younger than reliableSteps
};

}  // namespace lab
