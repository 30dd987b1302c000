#include "topology/largest_scores.h"

#include "topology/select.h"

#include <algorithm>

namespace lab {

namespace {
constexpr size_t kSlack = 1024;  // so that a small k does not select all the time
}

LargestScores::LargestScores(int64_t k) : k_(static_cast<size_t>(k)) {
  scores_.reserve(2 * k_ + kSlack);
  positions_.reserve(2 * k_ + kSlack);
}

void LargestScores::add(int64_t position, float score) {
  scores_.push_back(score);
  positions_.push_back(position);
  if (scores_.size() < 2 * k_ + kSlack) return;
  keepBest();
  // Whoever comes later has a higher position, so an equal score is not enough.
  least_ = key(*std::ranges::min_element(scores_, {}, key)) + 1;
}

void LargestScores::keepBest() {
  if (scores_.size() <= k_) return;
  size_t kept = 0;
  for (const int64_t place : largestMagnitude(scores_, static_cast<int64_t>(k_))) {
    scores_[kept] = scores_[static_cast<size_t>(place)];
    positions_[kept++] = positions_[static_cast<size_t>(place)];
  }
  scores_.resize(k_);
  positions_.resize(k_);
}

std::vector<int64_t> LargestScores::positions() {
  keepBest();
  return positions_;
}

}  // namespace lab
