#pragma once
// Methods are rows: drop rule × grow rule × course × defaults. One topology update serves all of them: drop exactly k,
// grow exactly k. Adding a method is adding a row.

#include "result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class DropRule { None, Magnitude, Sign, Taylor, Threshold, AdaptiveThreshold, Soft, Learned };
enum class GrowRule { None, Random, ExploreFirst, Gradient, Momentum };

/// How many of the connections that an update has to grow each layer gets.
enum class Redistribution { None, Momentum, Survivors };

/// Whether what is dropped is the least of each layer or the least of the network.
enum class Scope { Layer, Global };

/// What becomes of the number of connections over training.
enum class Course {
  Steady,   ///< it stays
  Pruning,  ///< it falls from an initial density along a cubic
  Rounds,   ///< train to the end, drop a share of the survivors, rewind, train again
  Learned   ///< the loss decides: thresholds are trained with the weights
};

/// How many a layer drops: SET-like methods round ζ n up, RigL down.
enum class Rounding { Up, Down };

template <class Rule>
struct RuleRow {
  std::string_view name;
  std::string_view help;
  Rule rule;
};

/// The value of the parameters `drop` and `grow` that means: as the method does.
inline constexpr std::string_view kMethodsOwnRule = "auto";

struct MethodDefault {
  std::string_view key;
  std::string_view value;
};

struct Method {
  std::string_view name;
  std::string_view help;
  std::string_view source;
  bool sparse;  ///< false: dense, no mask at all
  DropRule drop;
  GrowRule grow;
  Course course;
  Rounding rounding;
  std::span<const MethodDefault> defaults;  ///< values of parameters that the method's own recipe uses

  bool changesTopology() const { return drop != DropRule::None || grow != GrowRule::None; }
};

std::span<const Method> methods();
const Method* findMethod(std::string_view name);
std::vector<std::string> methodNames();

std::span<const RuleRow<DropRule>> dropRules();
std::span<const RuleRow<GrowRule>> growRules();
std::span<const RuleRow<Redistribution>> redistributions();
std::span<const RuleRow<Scope>> scopes();
std::vector<std::string> dropNames();  ///< "auto" and every rule that can be chosen
std::vector<std::string> growNames();
std::vector<std::string> redistributionNames();
std::vector<std::string> scopeNames();

/// What an update does, all choices made.
struct Rules {
  DropRule drop = DropRule::None;
  GrowRule grow = GrowRule::None;
  Rounding rounding = Rounding::Up;
  Redistribution redistribution = Redistribution::None;
  Scope scope = Scope::Layer;

  /// Whether the optimizer must keep the momentum of inactive positions too.
  bool needsDenseMomentum() const { return grow == GrowRule::Momentum; }
  bool isThreshold() const { return drop == DropRule::Threshold || drop == DropRule::AdaptiveThreshold; }
};

/// A method's rules under the overrides of the parameters `drop`, `grow`, `redistribution` and `pruning_scope`.
/// Problem: an unknown method or rule (never a silent nothing).
struct RuleChoice {
  std::string_view method;
  std::string_view drop = kMethodsOwnRule;
  std::string_view grow = kMethodsOwnRule;
  std::string_view redistribution = "none";
  std::string_view scope = "layer";
};
Result<Rules> rulesFor(const RuleChoice& choice);

/// Exactly how many of n active weights an update at rate ζ drops: ⌈ζ n⌉ or ⌊ζ n⌋, at most n. ζ = 0 gives 0.
int64_t dropCount(Rounding rounding, double rate, int64_t active);

}  // namespace lab
