#include "topology/methods.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab {

namespace {

constexpr std::array<RuleRow<DropRule>, 2> kDropRules{{
    {"none", "drop nothing", DropRule::None},
    {"magnitude", "drop the active weights smallest in magnitude", DropRule::Magnitude},
}};

constexpr std::array<RuleRow<GrowRule>, 4> kGrowRules{{
    {"none", "grow nothing", GrowRule::None},
    {"random", "grow uniformly among the inactive positions", GrowRule::Random},
    {"explore-first", "grow uniformly among positions never active so far; the surplus among the other inactive ones",
     GrowRule::ExploreFirst},
    {"gradient", "grow the inactive positions largest in gradient magnitude", GrowRule::Gradient},
}};

// RigL's own recipe (Evci et al. 2020, section 4.1): cosine from .3 to zero over the first 75 % of training.
constexpr std::array<MethodDefault, 4> kRigLDefaults{{
    {"update_interval", "100"},
    {"prune_rate", "0.3"},
    {"prune_rate_floor", "0"},
    {"update_end", "0.75"},
}};

constexpr std::array<Method, 5> kMethods{{
    {"dense", "every weight exists: the dense reference, R_s = 1", "", false, DropRule::None, GrowRule::None,
     Rounding::Up, {}},
    {"static", "a sparse network whose connections never change: no exploration, R_s = density",
     "Mocanu et al. 2016; Evci et al. 2020 (static)", true, DropRule::None, GrowRule::None, Rounding::Up, {}},
    {"set", "drop the smallest weights, grow at random: explores fastest of the classic methods",
     "Mocanu et al. 2018, Nature Communications 9, 2383", true, DropRule::Magnitude, GrowRule::Random, Rounding::Up,
     {}},
    {"explore-first", "SET that grows never-active positions first: R_s rises as fast as it can",
     "Liu et al. 2021 (ITOP), section 4.2", true, DropRule::Magnitude, GrowRule::ExploreFirst, Rounding::Up, {}},
    {"rigl", "drop the smallest weights, grow where the gradient is largest", "Evci et al. 2020, ICML", true,
     DropRule::Magnitude, GrowRule::Gradient, Rounding::Down, kRigLDefaults},
}};

template <class Rows>
auto find(const Rows& rows, std::string_view name) -> decltype(&rows[0]) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

template <class Rows>
std::vector<std::string> namesOf(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}

}  // namespace

std::span<const Method> methods() { return kMethods; }
const Method* findMethod(std::string_view name) { return find(kMethods, name); }
std::vector<std::string> methodNames() { return namesOf(kMethods); }

std::span<const RuleRow<DropRule>> dropRules() { return kDropRules; }
std::span<const RuleRow<GrowRule>> growRules() { return kGrowRules; }

std::vector<std::string> dropNames() {
  auto names = namesOf(kDropRules);
  names.insert(names.begin(), std::string(kMethodsOwnRule));
  return names;
}

std::vector<std::string> growNames() {
  auto names = namesOf(kGrowRules);
  names.insert(names.begin(), std::string(kMethodsOwnRule));
  return names;
}

Result<Rules> rulesFor(std::string_view method, std::string_view drop, std::string_view grow) {
  const Method* row = findMethod(method);
  if (row == nullptr) return Problem{"method", "method '" + std::string(method) + "' is unknown"};
  Rules rules{row->drop, row->grow, row->rounding};
  if (drop != kMethodsOwnRule) {
    const auto* rule = find(kDropRules, drop);
    if (rule == nullptr) return Problem{"drop", "drop rule '" + std::string(drop) + "' is unknown"};
    rules.drop = rule->rule;
  }
  if (grow != kMethodsOwnRule) {
    const auto* rule = find(kGrowRules, grow);
    if (rule == nullptr) return Problem{"grow", "grow rule '" + std::string(grow) + "' is unknown"};
    rules.grow = rule->rule;
  }
  return rules;
}

int64_t dropCount(Rounding rounding, double rate, int64_t active) {
  // ζ n that is whole up to rounding error of the product must not be rounded to the next integer.
  const double exact = rate * static_cast<double>(active);
  const double nearestWhole = std::round(exact);
  const bool whole = std::abs(exact - nearestWhole) <= 1e-9 * std::max(1.0, exact);
  const double count = whole ? nearestWhole : rounding == Rounding::Up ? std::ceil(exact) : std::floor(exact);
  return std::clamp(static_cast<int64_t>(count), int64_t{0}, active);
}

}  // namespace lab
