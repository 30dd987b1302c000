#pragma once
// The masks of one moment, and the steps from moment to moment in both directions.

#include "topology/mask.h"

#include <cstdint>
#include <vector>

namespace lab {

/// What one entry changes in a layer, and what undoes it. All lists ascending.
struct LayerStep {
  std::vector<uint32_t> on, off, between;
  std::vector<uint32_t> bornOff;  ///< of each position in `off`: the moment at which the life that ends began
  std::vector<uint32_t> fresh;    ///< explored for the first time
  size_t changes() const { return on.size() + off.size() + between.size(); }
  size_t bytes() const { return 4 * (on.size() + 2 * off.size()); }  ///< of what grows with the run
};

struct LayerMoment {
  Mask active, explored;
  std::vector<uint32_t> born;  ///< of each position: the moment at which its latest life began
};

/// `step` leads to `moment`.
void stepForward(LayerMoment& layer, const LayerStep& step, uint32_t moment);
/// Back from where `step` led.
void stepBack(LayerMoment& layer, const LayerStep& step);

/// A moment in little room.
class Keyframe {
 public:
  Keyframe(size_t moment, const std::vector<LayerMoment>& layers);
  size_t moment() const { return moment_; }
  size_t bytes() const;
  void restore(std::vector<LayerMoment>& layers) const;

 private:
  struct Layer {
    Mask active, explored;
    std::vector<uint32_t> born;  ///< of the active positions, ascending
  };
  size_t moment_;
  std::vector<Layer> layers_;
};

}  // namespace lab
