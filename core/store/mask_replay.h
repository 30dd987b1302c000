#pragma once
// Any moment of a run's topology at once: masks, what was explored until then, how old every connection is. Made
// from a recorded history, or update by update while the run is under way. Moments are 0 (the initial masks) and
// one an entry. Each entry is kept with what undoes it, so that time runs both ways from the moment asked for
// last, and a few whole moments in between bound the way to a far one.
//
// Ages are those of kept moments. What a history does not hold is not seen: a life that ended and began anew by
// the same update or between two kept moments counts as one.

#include "exploration/exploration_tracker.h"
#include "store/mask_history.h"
#include "training/run_observer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace lab {

/// One life of a connection, in optimizer steps.
struct ConnectionLife {
  int64_t begin = 0;
  std::optional<int64_t> end;  ///< none: it goes on at the last moment
  bool operator==(const ConnectionLife&) const = default;
};

class MaskReplay {
 public:
  static constexpr size_t kBudget = size_t{256} << 20;

  /// `reliableSteps`: from which age a connection counts as reliable. When the changes take more than `budget`
  /// bytes, neighbouring moments are merged, and lives within one that explored nothing new are forgotten. Whole
  /// moments take half as much again, and what was explored when at most 8 bytes a weight. Layers have fewer than
  /// 2^32 weights.
  MaskReplay(std::vector<Mask> initial, int64_t reliableSteps, size_t budget = kBudget);
  MaskReplay(MaskReplay&&) noexcept;
  MaskReplay& operator=(MaskReplay&&) noexcept;
  ~MaskReplay();

  /// In order. Throw std::invalid_argument for a change that does not fit the masks before it.
  void append(const HistoryEntry& entry);
  void append(const TopologyEvent& event);

  size_t moments() const;  ///< at least 1
  size_t layerCount() const;
  int64_t reliableSteps() const;
  int64_t step(size_t moment) const;
  int64_t update(size_t moment) const;
  size_t momentAt(int64_t step) const;  ///< the last one at or before a step
  int64_t lastUpdate() const;           ///< appended, also where it is not a moment of its own yet

  /// Of a layer at a moment, at no cost. `reliable` is not known and 0.
  const LayerExploration& exploration(size_t moment, size_t layer) const;

  /// Of a layer after the last moment, when `step` steps have been done.
  LayerExploration explorationAt(int64_t step, size_t layer) const;

  /// Masks, explored bits and since when each connection is active. No weights and no counts of lives.
  std::shared_ptr<const MaskSnapshot> at(size_t moment);

  /// Everything explored until the last moment.
  const Mask& explored(size_t layer) const;
  /// All lives of a position until a moment, in order.
  std::vector<ConnectionLife> lives(size_t layer, int64_t position, size_t moment) const;
  /// Survival of grown connections as it was known at a moment, or `step` steps into the run if no update has
  /// followed by then; no layer: of the whole network.
  std::vector<SurvivalPoint> survival(size_t moment, std::optional<size_t> layer = {}, int64_t step = 0);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Slow (reads the whole file). `tail` follows the file's content: see MaskHistoryWriter. Problems: as
/// readMaskHistory, and a change that does not fit.
Result<MaskReplay> readMaskReplay(const std::filesystem::path& file, int64_t reliableSteps,
                                  size_t budget = MaskReplay::kBudget, std::string_view tail = {});

}  // namespace lab
