#pragma once
// The table of parameters: one row each. The form, command line, TOML reader and writer, CSV headers, tooltips,
// sweep axes, documentation and tests iterate it.

#include "parameters/config.h"
#include "result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lab {

enum class Group { DataAndModel, Sparsity, Exploration, Training, Engine };
std::string_view title(Group group);

/// When a change made to a run under way is applied.
enum class TakesEffect { NewRun, NextEpoch, NextUpdate };

/// How a slider should space the values.
enum class Scale { Linear, Logarithmic };

using Member = std::variant<int64_t Config::*, double Config::*, bool Config::*, std::string Config::*>;

struct Parameter {
  std::string_view key;    ///< TOML and CSV name; the flag is the same with dashes
  std::string_view label;  ///< for people
  std::string_view unit;   ///< empty where there is none
  std::string_view help;   ///< one or two sentences, with the equation or source where there is one
  Group group;
  Member member;
  TakesEffect takesEffect = TakesEffect::NewRun;
  double minimum = 0;  ///< of numbers, inclusive unless `exclusive`
  double maximum = 0;
  Scale scale = Scale::Linear;
  bool minimumExclusive = false;
  bool maximumExclusive = false;
  std::vector<std::string> (*choices)() = nullptr;  ///< of texts with a closed set of values
  std::string_view fileSuffix = "";                 ///< of choices that may also be the path of a file: its end
  bool affectsResults = true;                       ///< part of the configuration hash
};

/// All rows, in the order in which people should meet them.
std::span<const Parameter> parameters();

/// The row with this key ("update_interval" or "update-interval"); null when there is none.
const Parameter* findParameter(std::string_view key);

/// "--update-interval" for the row `update_interval`.
std::string flagName(const Parameter& parameter);

/// The parameter's value as text: what TOML (without quotes) and the command line take. Doubles round-trip.
std::string valueText(const Config& config, const Parameter& parameter);

/// Parses `text` into the parameter's member and checks the row's range or choices.
/// Problem: names the value and what would be right. `config` is untouched then.
Problems setFromText(Config& config, const Parameter& parameter, std::string_view text);

/// "a whole number from 1 to 1000000", "one of uniform, er, erk", ...
std::string allowedText(const Parameter& parameter);

/// The existing name nearest to `name` by edit distance; empty when none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& names);

}  // namespace lab
