#pragma once
// Selection of the k smallest keys of every layer at once: a radix select whose digits are counted block by block. Equal
// keys go to the lower position, so that k is exact and the choice is that of topology/select.h bit for bit.

#include "engines/cuda/kernels/arena.h"
#include "engines/cuda/kernels/team.h"

namespace lab::cuda {

inline constexpr uint32_t kNoKey = 0xFFFFFFFFu;  ///< of positions that are no candidates
inline constexpr int kDigits = 3;                ///< of a key, the highest first: 11, 11 and 10 bits
inline constexpr int kBins = 1 << 11;

LAB_HD constexpr int digitShift(int digit) { return digit == 0 ? 21 : digit == 1 ? 10 : 0; }
LAB_HD constexpr int digitBins(int digit) { return digit == 2 ? 1 << 10 : kBins; }

/// How far the selection in one segment has come.
struct Pick {
  uint32_t prefix = 0;     ///< the digits of the k-th smallest key found so far; at last, the key itself
  uint32_t left = 0;       ///< how many keys with that prefix are still to be taken
  bool all = false;        ///< there are fewer candidates than asked for: every one is taken
};

/// What all kernels of a selection share. Segments without a mask are no part of it.
struct Selection {
  const Segment* segments = nullptr;
  const int32_t* segmentOf = nullptr;  ///< of each block
  const uint32_t* keys = nullptr;      ///< one an element
  uint32_t* histogram = nullptr;       ///< [segments][kBins], zero at the start and at the end
  Pick* picks = nullptr;               ///< [segments]
  uint32_t* ties = nullptr;            ///< [blocks]: keys equal to the k-th smallest; then, those in blocks before
  uint64_t* chosen = nullptr;          ///< bits, one an element

  LAB_HD int32_t segment(int64_t block) const { return segmentOf[block]; }
  LAB_HD bool covers(int64_t block) const { return segments[segmentOf[block]].layer >= 0; }
};

/// A block a segment.
struct StartPickKernel {
  using Shared = NothingShared;
  Selection s;
  const uint32_t* k = nullptr;  ///< [segments]

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t segment, Shared&) const {
    if (team.thread() == 0) s.picks[segment] = {0, k[segment], false};
  }
};

/// Counts the next digit of all keys that begin as the k-th smallest does.
struct HistogramKernel {
  struct Shared {
    uint32_t bins[kBins];
  };
  Selection s;
  int digit = 0;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared& shared) const {
    const int32_t segment = s.segment(block);
    const Pick pick = s.picks[segment];
    if (!s.covers(block) || pick.left == 0 || pick.all) return;
    for (int bin = team.thread(); bin < kBins; bin += Team::kThreads) shared.bins[bin] = 0;
    team.sync();
    const int shift = digitShift(digit);
    for (int64_t i = block * kBlock + team.thread(); i < (block + 1) * kBlock; i += Team::kThreads) {
      const uint32_t key = s.keys[i];
      const bool same = digit == 0 || key >> digitShift(digit - 1) == pick.prefix;
      if (key != kNoKey && same)
        team.add(&shared.bins[key >> shift & static_cast<uint32_t>(digitBins(digit) - 1)], uint32_t{1});
    }
    team.sync();
    for (int bin = team.thread(); bin < digitBins(digit); bin += Team::kThreads)
      if (shared.bins[bin] != 0) team.add(&s.histogram[segment * kBins + bin], shared.bins[bin]);
  }
};

/// A block a segment: finds the digit of the k-th smallest key.
struct PickKernel {
  struct Shared {
    SumScratch<uint32_t> sums;
  };
  Selection s;
  int digit = 0;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t segment, Shared& shared) const {
    const Pick pick = s.picks[segment];
    if (pick.left == 0 || pick.all) return;
    uint32_t* bins = s.histogram + segment * kBins;
    const int each = digitBins(digit) / Team::kThreads, first = team.thread() * each;
    uint32_t own = 0, total = 0;
    for (int bin = first; bin < first + each; ++bin) own += bins[bin];
    uint32_t before = exclusiveSum(team, shared.sums, own, total);
    if (total < pick.left) {
      if (team.thread() == 0) s.picks[segment] = {0, pick.left, true};
    } else if (before < pick.left && before + own >= pick.left) {
      int bin = first;
      while (before + bins[bin] < pick.left) before += bins[bin++];
      const uint32_t high = digit == 0 ? 0 : pick.prefix << (digitShift(digit - 1) - digitShift(digit));
      s.picks[segment] = {high | static_cast<uint32_t>(bin), pick.left - before, false};
    }
    team.sync();
    for (int bin = first; bin < first + each; ++bin) bins[bin] = 0;
  }
};

/// How many keys of a block equal the k-th smallest.
struct CountTiesKernel {
  struct Shared {
    SumScratch<uint32_t> sums;
  };
  Selection s;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared& shared) const {
    const Pick pick = s.picks[s.segment(block)];
    if (!s.covers(block) || pick.left == 0) return;
    const uint32_t key = pick.prefix;
    uint32_t own = 0, total = 0;
    for (int64_t i = block * kBlock + team.thread(); i < (block + 1) * kBlock; i += Team::kThreads)
      own += s.keys[i] == key;
    exclusiveSum(team, shared.sums, own, total);
    if (team.thread() == 0) s.ties[block] = total;
  }
};

/// A block a segment: from ties in each block to ties in the blocks before it.
struct ScanTiesKernel {
  struct Shared {
    SumScratch<uint32_t> sums;
  };
  Selection s;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t segment, Shared& shared) const {
    const Segment& at = s.segments[segment];
    if (at.layer < 0 || s.picks[segment].left == 0) return;
    uint32_t before = 0;
    for (int64_t first = 0; first < at.blocks; first += Team::kThreads) {
      const int64_t block = first + team.thread();
      uint32_t* ties = s.ties + at.firstBlock + block;
      const uint32_t own = block < at.blocks ? *ties : 0;
      uint32_t total = 0;
      const uint32_t sum = before + exclusiveSum(team, shared.sums, own, total);
      if (block < at.blocks) *ties = sum;
      before += total;
    }
  }
};

/// Writes the chosen positions as bits.
struct ChooseKernel {
  struct Shared {
    SumScratch<uint32_t> sums;
    uint64_t words[kBlock / kWord];
  };
  Selection s;

  template <class Team>
  LAB_HD void operator()(Team& team, int64_t block, Shared& shared) const {
    constexpr int64_t kEach = kBlock / Team::kThreads, kWords = kBlock / kWord;
    for (int64_t w = team.thread(); w < kWords; w += Team::kThreads) shared.words[w] = 0;
    const Pick pick = s.picks[s.segment(block)];
    const bool covered = s.covers(block) && pick.left > 0;
    const int64_t first = team.thread() * kEach;  // consecutive ones, so that ties are ranked in their order
    const uint32_t* keys = s.keys + block * kBlock + first;
    uint32_t own = 0, total = 0;
    for (int64_t i = 0; covered && i < kEach; ++i) own += keys[i] == pick.prefix;
    uint32_t rank = exclusiveSum(team, shared.sums, own, total) + (covered ? s.ties[block] : 0);
    uint64_t bits = 0;
    for (int64_t i = 0; covered && i < kEach; ++i) {
      const bool tie = keys[i] == pick.prefix && rank++ < pick.left;
      const bool taken = pick.all ? keys[i] != kNoKey : keys[i] < pick.prefix || tie;
      bits |= uint64_t{taken} << (i % kWord);
      if ((i + 1) % kWord != 0 && i + 1 < kEach) continue;
      if (bits != 0) team.setBits(&shared.words[(first + i) / kWord], bits << (first + i - i % kWord) % kWord);
      bits = 0;
    }
    team.sync();
    for (int64_t w = team.thread(); w < kWords; w += Team::kThreads) s.chosen[block * kWords + w] = shared.words[w];
  }
};

}  // namespace lab::cuda
