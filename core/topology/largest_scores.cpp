#include "topology/largest_scores.h"

#include <algorithm>

namespace lab {

namespace {
constexpr size_t kSlack = 1024;  // so that a small k does not select all the time
}

LargestScores::LargestScores(int64_t k) : k_(static_cast<size_t>(k)) { entries_.reserve(2 * k_ + kSlack); }

void LargestScores::add(int64_t position, float score) {
  entries_.push_back({key(score), position});
  if (entries_.size() == 2 * k_ + kSlack) {
    keepBest();
    // Whoever comes later has a higher position, so an equal score is not enough.
    least_ = entries_[k_ - 1].key + 1;
  }
}

void LargestScores::keepBest() {
  if (entries_.size() <= k_) return;
  std::nth_element(
      entries_.begin(), entries_.begin() + static_cast<int64_t>(k_) - 1, entries_.end(),
      [](const Entry& a, const Entry& b) { return a.key != b.key ? a.key > b.key : a.position < b.position; });
  entries_.resize(k_);
}

std::vector<int64_t> LargestScores::positions() {
  keepBest();
  std::vector<int64_t> positions;
  positions.reserve(entries_.size());
  for (const Entry& entry : entries_) positions.push_back(entry.position);
  std::sort(positions.begin(), positions.end());
  return positions;
}

}  // namespace lab
