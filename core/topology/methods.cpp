#include "topology/methods.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab {

namespace {

constexpr std::array<RuleRow<DropRule>, 8> kDropRules{{
    {"none", "drop nothing", DropRule::None},
    {"magnitude", "drop the active weights smallest in magnitude", DropRule::Magnitude},
    {"sign", "drop the smallest positive and the largest negative weights (Mocanu et al. 2018)", DropRule::Sign},
    {"taylor", "drop where (w g)² is smallest: what the loss would miss least to first order (Molchanov et al. 2017)",
     DropRule::Taylor},
    {"threshold", "drop every active weight below drop_threshold in magnitude", DropRule::Threshold},
    {"adaptive-threshold",
     "the same by a threshold that doubles or halves when fewer or more than ζ n were dropped (Mostafa and Wang 2019)",
     DropRule::AdaptiveThreshold},
    {"soft", "drop at random, the smaller in magnitude the likelier, by drop_temperature (Gumbel top-k)", DropRule::Soft},
    {"learned", "the weights below their layer's learned threshold are not active (Kusupati et al. 2020)",
     DropRule::Learned},
}};

constexpr std::array<RuleRow<GrowRule>, 5> kGrowRules{{
    {"none", "grow nothing", GrowRule::None},
    {"random", "grow uniformly among the inactive positions", GrowRule::Random},
    {"explore-first", "grow uniformly among positions never active so far; the surplus among the other inactive ones",
     GrowRule::ExploreFirst},
    {"gradient", "grow the inactive positions largest in gradient magnitude", GrowRule::Gradient},
    {"momentum", "grow the inactive positions largest in momentum magnitude, which is kept for all positions",
     GrowRule::Momentum},
}};

constexpr std::array<RuleRow<Redistribution>, 3> kRedistributions{{
    {"none", "each layer grows what it dropped", Redistribution::None},
    {"momentum", "in proportion to the layers' mean |momentum| of active weights (Dettmers and Zettlemoyer 2019)",
     Redistribution::Momentum},
    {"survivors", "in proportion to the layers' weights that were not dropped (Mostafa and Wang 2019)",
     Redistribution::Survivors},
}};

constexpr std::array<RuleRow<Scope>, 2> kScopes{{
    {"layer", "the least of each layer", Scope::Layer},
    {"global", "the least of the whole network, layers compared with each other", Scope::Global},
}};

// RigL's own recipe (Evci et al. 2020, section 4.1): cosine from .3 to zero over the first 75 % of training.
constexpr std::array<MethodDefault, 4> kRigLDefaults{{
    {"update_interval", "100"},
    {"prune_rate", "0.3"},
    {"prune_rate_floor", "0"},
    {"update_end", "0.75"},
}};

// Once an epoch of Fashion-MNIST at batch 128, the published cosine of ζ.
constexpr std::array<MethodDefault, 2> kSnfsDefaults{{
    {"update_interval", "430"},
    {"redistribution", "momentum"},
}};

constexpr std::array<MethodDefault, 5> kDsrDefaults{{
    {"update_interval", "430"},
    {"redistribution", "survivors"},
    {"prune_rate", "0.1"},
    {"prune_schedule", "constant"},
    {"drop_threshold", "0.001"},
}};

constexpr std::array<MethodDefault, 1> kGmpDefaults{{{"update_end", "0.75"}}};

constexpr std::array<MethodDefault, 3> kGraNetDefaults{{
    {"initial_sparsity", "0.5"},
    {"update_end", "0.75"},
    {"pruning_scope", "global"},
}};

constexpr std::array<MethodDefault, 1> kLotteryDefaults{{{"pruning_scope", "global"}}};
constexpr std::array<MethodDefault, 1> kSnipDefaults{{{"initial_mask", "snip"}}};
constexpr std::array<MethodDefault, 1> kGraspDefaults{{{"initial_mask", "grasp"}}};
constexpr std::array<MethodDefault, 1> kSynFlowDefaults{{{"initial_mask", "synflow"}}};

constexpr std::array<Method, 14> kMethods{{
    {"dense", "every weight exists: the dense reference, R_s = 1", "", false, DropRule::None, GrowRule::None,
     Course::Steady, Rounding::Up, {}},
    {"static", "a sparse network whose connections never change: no exploration, R_s = density",
     "Mocanu et al. 2016; Evci et al. 2020 (static)", true, DropRule::None, GrowRule::None, Course::Steady,
     Rounding::Up, {}},
    {"set", "drop the smallest weights, grow at random: explores fastest of the classic methods",
     "Mocanu et al. 2018, Nature Communications 9, 2383", true, DropRule::Magnitude, GrowRule::Random, Course::Steady,
     Rounding::Up, {}},
    {"explore-first", "SET that grows never-active positions first: R_s rises as fast as it can",
     "Liu et al. 2021 (ITOP), section 4.2", true, DropRule::Magnitude, GrowRule::ExploreFirst, Course::Steady,
     Rounding::Up, {}},
    {"rigl", "drop the smallest weights, grow where the gradient is largest", "Evci et al. 2020, ICML", true,
     DropRule::Magnitude, GrowRule::Gradient, Course::Steady, Rounding::Down, kRigLDefaults},
    {"snfs", "drop the smallest weights, grow where the momentum is largest, in the layers of most momentum",
     "Dettmers and Zettlemoyer 2019", true, DropRule::Magnitude, GrowRule::Momentum, Course::Steady, Rounding::Up,
     kSnfsDefaults},
    {"dsr", "drop below an adaptive threshold, grow at random in the layers that keep most",
     "Mostafa and Wang 2019, ICML", true, DropRule::AdaptiveThreshold, GrowRule::Random, Course::Steady, Rounding::Up,
     kDsrDefaults},
    {"gmp", "gradual magnitude pruning: dense at first, then fewer and fewer connections along a cubic",
     "Zhu and Gupta 2017; Gale et al. 2019", true, DropRule::Magnitude, GrowRule::None, Course::Pruning, Rounding::Up,
     kGmpDefaults},
    {"granet", "prune gradually and regrow by gradient what ζ drops besides", "Liu et al. 2021 (GraNet), NeurIPS", true,
     DropRule::Magnitude, GrowRule::Gradient, Course::Pruning, Rounding::Up, kGraNetDefaults},
    {"str", "soft-threshold reparameterization: each layer learns the threshold below which weights are zero",
     "Kusupati et al. 2020, ICML", true, DropRule::Learned, GrowRule::None, Course::Learned, Rounding::Up, {}},
    {"lth", "lottery tickets: train, prune a share of the survivors, rewind the weights, train again",
     "Frankle and Carbin 2019, ICLR", true, DropRule::Magnitude, GrowRule::None, Course::Rounds, Rounding::Up,
     kLotteryDefaults},
    {"snip", "static connections chosen before training: the largest |g w|", "Lee et al. 2019, ICLR", true,
     DropRule::None, GrowRule::None, Course::Steady, Rounding::Up, kSnipDefaults},
    {"grasp", "static connections chosen before training, so that the gradient keeps flowing: the largest w (H g)",
     "Wang et al. 2020, ICLR", true, DropRule::None, GrowRule::None, Course::Steady, Rounding::Up, kGraspDefaults},
    {"synflow", "static connections chosen before training without data: the largest synaptic flow",
     "Tanaka et al. 2020, NeurIPS", true, DropRule::None, GrowRule::None, Course::Steady, Rounding::Up,
     kSynFlowDefaults},
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
std::span<const RuleRow<Redistribution>> redistributions() { return kRedistributions; }
std::span<const RuleRow<Scope>> scopes() { return kScopes; }
std::vector<std::string> redistributionNames() { return namesOf(kRedistributions); }
std::vector<std::string> scopeNames() { return namesOf(kScopes); }

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

namespace {

/// Puts the rule of this name into `rule`; "auto" leaves it. Problem: an unknown name.
template <class Rows, class Rule>
Problems choose(std::string_view key, const Rows& rows, std::string_view name, Rule& rule) {
  if (name == kMethodsOwnRule) return {};
  const auto* row = find(rows, name);
  if (row == nullptr) return {{std::string(key), std::string(key) + " '" + std::string(name) + "' is unknown"}};
  rule = row->rule;
  return {};
}

}  // namespace

Result<Rules> rulesFor(const RuleChoice& choice) {
  const Method* row = findMethod(choice.method);
  if (row == nullptr) return Problem{"method", "method '" + std::string(choice.method) + "' is unknown"};
  Rules rules{row->drop, row->grow, row->rounding};
  for (const Problems& problems :
       {choose("drop", kDropRules, choice.drop, rules.drop), choose("grow", kGrowRules, choice.grow, rules.grow),
        choose("redistribution", kRedistributions, choice.redistribution, rules.redistribution),
        choose("pruning_scope", kScopes, choice.scope, rules.scope)})
    if (!problems.empty()) return problems;
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
