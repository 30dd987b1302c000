#include "topology/growth_constraint.h"

#include "random/keyed_permutation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace lab {

namespace {

constexpr std::string_view kNone = "none";
constexpr std::string_view kConstantFanIn = "constant-fan-in";
constexpr int64_t kLargestGroup = 1024;

int64_t wholeNumber(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

bool isCandidate(const Mask& active, const Mask* barred, int64_t position) {
  return !active.test(position) && (barred == nullptr || !barred->test(position));
}

}  // namespace

Result<GrowthConstraint> parseConstraint(std::string_view text) {
  if (text == kNone) return GrowthConstraint{};
  if (text == kConstantFanIn) return GrowthConstraint{GrowthConstraint::Kind::ConstantFanIn, 0, 0};
  if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    const int64_t n = wholeNumber(text.substr(0, colon)), m = wholeNumber(text.substr(colon + 1));
    if (n >= 1 && n < m && m <= kLargestGroup) return GrowthConstraint{GrowthConstraint::Kind::NOfM, n, m};
  }
  return Problem{"constraint", fmt::format("constraint '{}' is not possible: it must be none, constant-fan-in, or N:M "
                                           "such as 2:4 (at most 2 of each 4 consecutive inputs, M at most {})",
                                           text, kLargestGroup)};
}

Groups groupsFor(const GrowthConstraint& constraint, int64_t rows, int64_t columns, int64_t active) {
  switch (constraint.kind) {
    case GrowthConstraint::Kind::None:
      return {};
    case GrowthConstraint::Kind::ConstantFanIn:
      return {columns, active / rows};
    case GrowthConstraint::Kind::NOfM:
      return {constraint.m, constraint.n};
  }
  return {};
}

RoomKeeper::RoomKeeper(const Groups& groups, const Mask& active) : groups_(groups) {
  if (groups_.size == 0) return;
  for (int64_t begin = 0; begin < active.size(); begin += groups_.size)
    left_.push_back(groups_.room - active.count(begin, std::min(begin + groups_.size, active.size())));
}

bool RoomKeeper::take(int64_t position) {
  if (groups_.size == 0) return true;
  int64_t& left = left_[static_cast<size_t>(position / groups_.size)];
  if (left <= 0) return false;
  --left;
  return true;
}

std::vector<int64_t> growWithin(const Groups& groups, const Mask& active, const Mask* barred, int64_t k,
                                const RandomKey& key, const std::function<bool(int64_t)>& first) {
  std::vector<int64_t> taken;
  if (active.size() == 0) return taken;
  const KeyedPermutation order(key, static_cast<uint64_t>(active.size()));
  RoomKeeper room(groups, active);
  for (const bool preferred : {true, false}) {
    if (preferred && !first) continue;
    for (uint64_t place = 0; place < order.size() && static_cast<int64_t>(taken.size()) < k; ++place) {
      const auto position = static_cast<int64_t>(order.at(place));
      if (first && first(position) != preferred) continue;
      if (isCandidate(active, barred, position) && room.take(position)) taken.push_back(position);
    }
  }
  std::sort(taken.begin(), taken.end());
  return taken;
}

std::vector<int64_t> growLargestWithin(const Groups& groups, const Mask& active, const Mask* barred, int64_t k,
                                       std::span<const float> scores) {
  std::vector<int64_t> candidates;
  for (int64_t position = 0; position < active.size(); ++position)
    if (isCandidate(active, barred, position)) candidates.push_back(position);
  std::stable_sort(candidates.begin(), candidates.end(), [&](int64_t a, int64_t b) {
    return std::abs(scores[static_cast<size_t>(a)]) > std::abs(scores[static_cast<size_t>(b)]);
  });
  std::vector<int64_t> taken;
  RoomKeeper room(groups, active);
  for (const int64_t position : candidates) {
    if (static_cast<int64_t>(taken.size()) == k) break;
    if (room.take(position)) taken.push_back(position);
  }
  std::sort(taken.begin(), taken.end());
  return taken;
}

}  // namespace lab
