#pragma once
// Cells of a sweep whose runs one engine can carry out at once: which they are, and who hands out the engines.

#include "engines/engine.h"
#include "experiments/sweep.h"

#include <functional>
#include <memory>
#include <vector>

namespace lab {

inline constexpr size_t kMostPacked = 16;  ///< more add little to what a GPU does in a step, and all wait for the slowest

/// The data of a cell; null: there are none, and its run will say why.
using CellData = std::function<std::shared_ptr<const Dataset>(size_t cell)>;

/// The cells of `order` in groups that can be packed, of about the same size, or alone; the group of the first cell
/// first.
std::vector<std::vector<size_t>> groupCells(const std::vector<Cell>& cells, const std::vector<size_t>& order,
                                            const EngineRegistry& engines, const CellData& data);

/// The engines of a group: made when the first of its runs asks for one.
class PackedCells {
 public:
  /// The runs' setups, in the order of members. Precondition: groupCells() has put them together.
  PackedCells(const EngineRegistry& engines, std::vector<EngineSetup> setups);

  /// What a member's run chooses its engine from. A run that turns out to need another engine gets that one.
  EngineRegistry enginesOf(size_t member) const;

  /// The member's run is over, whether it began or not: the others do not wait for it.
  void release(size_t member);

 private:
  class Group;
  const EngineRegistry& engines_;
  size_t size_;
  std::string engine_;  ///< its name
  std::shared_ptr<Group> group_;
};

/// What a cell trains in a group. Precondition: its network can be made.
EngineSetup setupOf(const Config& config, std::shared_ptr<const Dataset> data);

}  // namespace lab
