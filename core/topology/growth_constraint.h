#pragma once
// Structure that growth must keep: positions come in groups of consecutive ones, each with room for so many active.
// N:M sparsity (Zhou et al. 2021) has groups of M with room for N; constant fan-in (Lasby et al. 2024, SRigL) has the
// rows of a layer as groups, each with room for its share of the layer's weights.

#include "random/keyed_random.h"
#include "result.h"
#include "topology/mask.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace lab {

struct GrowthConstraint {
  enum class Kind { None, ConstantFanIn, NOfM };
  Kind kind = Kind::None;
  int64_t n = 0, m = 0;  ///< of N:M
  bool operator==(const GrowthConstraint&) const = default;
};

/// "none", "constant-fan-in", or "2:4": at most 2 of each 4 consecutive inputs. Problem: none of these.
Result<GrowthConstraint> parseConstraint(std::string_view text);

/// The groups of one layer.
struct Groups {
  int64_t size = 0;  ///< positions of a group; 0: no constraint
  int64_t room = 0;  ///< active positions that fit
};

/// `rows` × `columns` positions of which `active` are to be active. Constant fan-in: `active` is a multiple of `rows`.
Groups groupsFor(const GrowthConstraint& constraint, int64_t rows, int64_t columns, int64_t active);

/// Takes positions in the order offered while their group has room.
class RoomKeeper {
 public:
  RoomKeeper(const Groups& groups, const Mask& active);
  /// True: the position was taken and its room is used up.
  bool take(int64_t position);

 private:
  Groups groups_;
  std::vector<int64_t> left_;
};

/// k inactive positions in the order of the keyed permutation, as far as there is room; positions for which
/// `first` holds go before the others (null: no preference). Ascending. `barred` may be null.
std::vector<int64_t> growWithin(const Groups& groups, const Mask& active, const Mask* barred, int64_t k,
                                const RandomKey& key, const std::function<bool(int64_t)>& first = {});

/// The k inactive positions of largest score magnitude (one score a position), as far as there is room. Ascending.
std::vector<int64_t> growLargestWithin(const Groups& groups, const Mask& active, const Mask* barred, int64_t k,
                                       std::span<const float> scores);

}  // namespace lab
