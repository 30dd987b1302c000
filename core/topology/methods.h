#pragma once
// Methods are rows: drop rule × grow rule × defaults. One topology update serves all of them: drop exactly k, grow
// exactly k. Adding a method is adding a row.

#include "result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

enum class DropRule { None, Magnitude };
enum class GrowRule { None, Random, ExploreFirst, Gradient };

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
  Rounding rounding;
  std::span<const MethodDefault> defaults;  ///< values of parameters that the method's own recipe uses
};

std::span<const Method> methods();
const Method* findMethod(std::string_view name);
std::vector<std::string> methodNames();

std::span<const RuleRow<DropRule>> dropRules();
std::span<const RuleRow<GrowRule>> growRules();
std::vector<std::string> dropNames();  ///< "auto" and every rule
std::vector<std::string> growNames();

/// A method's rules after the configuration's overrides of `drop` and `grow`.
struct Rules {
  DropRule drop = DropRule::None;
  GrowRule grow = GrowRule::None;
  Rounding rounding = Rounding::Up;
  bool updatesTopology() const { return drop != DropRule::None && grow != GrowRule::None; }
};

/// Problem: an unknown method or rule (never a silent nothing).
Result<Rules> rulesFor(std::string_view method, std::string_view drop, std::string_view grow);

/// Exactly how many of n active weights an update at rate ζ drops: ⌈ζ n⌉ or ⌊ζ n⌋, at most n. ζ = 0 gives 0.
int64_t dropCount(Rounding rounding, double rate, int64_t active);

}  // namespace lab
