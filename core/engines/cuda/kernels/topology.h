#pragma once
// A topology update of all layers: keys by which the selection drops and grows, and the pass that carries it out.

#include "engines/cuda/kernels/optimizer.h"
#include "engines/cuda/kernels/select.h"
#include "random/feistel.h"
#include "topology/methods.h"

namespace lab::cuda {

/// The order of a magnitude: NaN is the largest.
LAB_HD inline uint32_t magnitudeKey(float value) {
  union {
    float number;
    uint32_t bits;
  } from{value};
  return from.bits & 0x7FFFFFFFu;
}

/// Drop the smallest |w| of the active weights. Segments that lose nothing need no keys.
struct DropKeyKernel {
  using Shared = NothingShared;
  Parameters p;
  uint32_t* keys = nullptr;
  const uint32_t* count = nullptr;  ///< [segments]: to be dropped

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    const int32_t segment = p.segmentOf[block];
    if (p.segments[segment].layer < 0 || count[segment] == 0) return;
    for (int64_t i = block * kBlock + team.thread(); i < (block + 1) * kBlock; i += Team::kThreads)
      keys[i] = testBit(p.active, i) ? magnitudeKey(p.weight[i]) : kNoKey;
  }
};

/// Grow by the largest |gradient| or |momentum|, or the first in the keyed permutation (never-explored ones before
/// the others where that is asked), of the positions that are inactive once `dropped` are.
struct GrowKeyKernel {
  using Shared = NothingShared;
  Parameters p;
  uint32_t* keys = nullptr;
  const uint32_t* count = nullptr;  ///< [segments]: to be grown
  const uint64_t* dropped = nullptr;
  const Feistel* orders = nullptr;  ///< [segments]
  GrowRule rule = GrowRule::Random;
  bool regrowDropped = true;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    const int32_t index = p.segmentOf[block];
    const Segment& segment = p.segments[index];
    if (segment.layer < 0 || count[index] == 0) return;
    for (int64_t i = block * kBlock + team.thread(); i < (block + 1) * kBlock; i += Team::kThreads) {
      const bool candidate = testBit(dropped, i) ? regrowDropped : !testBit(p.active, i);
      keys[i] = candidate && i < segment.begin + segment.size ? key(i, segment, orders[index]) : kNoKey;
    }
  }

 private:
  LAB_HD uint32_t key(int64_t i, const Segment& segment, const Feistel& order) const {
    if (rule == GrowRule::Gradient) return 0x7FFFFFFFu - magnitudeKey(p.gradient[i]);
    if (rule == GrowRule::Momentum) return 0x7FFFFFFFu - magnitudeKey(p.momentum[i]);
    const auto place = static_cast<uint32_t>(order.placeOf(static_cast<uint64_t>(i - segment.begin)));
    const bool later = rule == GrowRule::ExploreFirst && testBit(p.explored, i);
    return later ? place | 0x80000000u : place;
  }
};

/// Drops, grows, resets what changed and ORs the explored bits; a thread a word.
struct ExchangeKernel {
  static constexpr int64_t kWords = 256;  ///< a block
  using Shared = NothingShared;
  Parameters p;
  uint64_t *dropped = nullptr, *grown = nullptr;  ///< in and out: less what is kept
  int64_t words = 0;
  bool keepRegrown = false;    ///< what is dropped and grown at once stays as it is
  bool denseMomentum = false;  ///< momentum belongs to the position, not to the connection

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared&) const {
    for (int64_t w = block * kWords + team.thread(); w < (block + 1) * kWords && w < words; w += Team::kThreads)
      exchange(w);
  }

 private:
  LAB_HD void exchange(int64_t w) const {
    if (keepRegrown) {
      const uint64_t kept = dropped[w] & grown[w];
      dropped[w] &= ~kept;
      grown[w] &= ~kept;
    }
    const uint64_t out = dropped[w], in = grown[w], changed = out | in;
    if (changed == 0) return;
    p.active[w] = (p.active[w] & ~out) | in;
    p.explored[w] |= in;
    const Segment& segment = p.segments[p.segmentOf[w * kWord / kBlock]];
    for (uint64_t left = changed; left != 0; left &= left - 1) reset(segment, w * kWord + lowestBit(left));
  }

  LAB_HD void reset(const Segment& segment, int64_t i) const {
    p.weight[i] = 0;
    if (!denseMomentum) p.momentum[i] = 0;
    if (p.secondMoment != nullptr) p.secondMoment[i] = 0;
    p.compute.set(segment.begin + segment.computePlace(i - segment.begin), 0);
  }
};

}  // namespace lab::cuda
