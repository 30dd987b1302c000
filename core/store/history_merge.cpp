#include "store/history_merge.h"

#include <algorithm>
#include <iterator>

namespace lab {

namespace {

using Positions = std::vector<int64_t>;

Positions without(const Positions& a, const Positions& b) {
  Positions kept;
  std::ranges::set_difference(a, b, std::back_inserter(kept));
  return kept;
}

Positions joined(const Positions& a, const Positions& b) {
  Positions all;
  std::ranges::set_union(a, b, std::back_inserter(all));
  return all;
}

Positions common(const Positions& a, const Positions& b) {
  Positions both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

HistoryChange merged(const HistoryChange& a, const HistoryChange& b) {
  return {joined(without(a.off, b.on), without(b.off, a.on)), joined(without(a.on, b.off), without(b.on, a.off)),
          joined(joined(without(a.between, b.on), without(b.between, a.off)), common(a.on, b.off))};
}

}  // namespace

HistoryEntry entryOf(const TopologyEvent& event) {
  HistoryEntry entry{event.update, event.step, {}};
  for (const LayerChange& change : event.layers)
    entry.layers.push_back({without(change.dropped, change.grown), without(change.grown, change.dropped), {}});
  return entry;
}

void mergeInto(HistoryEntry& entry, const HistoryEntry& next) {
  entry.update = next.update;
  entry.step = next.step;
  for (size_t l = 0; l < entry.layers.size(); ++l) entry.layers[l] = merged(entry.layers[l], next.layers[l]);
}

}  // namespace lab
