#include "experiments/axis_text.h"

#include "parameters/config_builder.h"
#include "parameters/parameter_table.h"
#include "random/keyed_random.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>

namespace lab {

namespace {

constexpr std::string_view kRandom = "random:";
constexpr int64_t kMostValues = 10000;

template <class Number>
std::optional<Number> numberOf(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

struct Range {
  double from = 0, to = 0;
  int64_t count = 0;
};

/// "1..1000/4"; nothing where the text is no range.
std::optional<Range> rangeOf(std::string_view text) {
  const auto dots = text.find(".."), slash = text.find('/');
  if (dots == text.npos || slash == text.npos || slash < dots) return {};
  const auto from = numberOf<double>(text.substr(0, dots)),
             to = numberOf<double>(text.substr(dots + 2, slash - dots - 2));
  const auto count = numberOf<int64_t>(text.substr(slash + 1));
  if (!from || !to || !count) return {};
  return Range{*from, *to, *count};
}

Problem problemWith(const Parameter& parameter, std::string_view values) {
  return {std::string(parameter.key),
          fmt::format(
              "{} '{}' is not possible as values of a sweep: 10,30,100 or a range 1..1000/4 or random:1..1000/8 "
              "would be right",
              parameter.key, values)};
}

std::string valueIn(const Parameter& parameter, const Range& range, double share) {
  const bool logarithmic = parameter.scale == Scale::Logarithmic && range.from > 0 && range.to > 0;
  const double value = logarithmic ? range.from * std::pow(range.to / range.from, share)
                                   : range.from + (range.to - range.from) * share;
  if (std::holds_alternative<int64_t Config::*>(parameter.member)) return fmt::format("{}", std::llround(value));
  return fmt::format("{:.6g}", value);
}

/// Shares of the range from 0 to 1.
std::vector<double> shares(int64_t count, bool random, std::string_view text) {
  std::vector<double> shares;
  const RandomKey key{std::hash<std::string_view>()(text), Purpose::SyntheticData, 0, 0};
  for (int64_t i = 0; i < count; ++i)
    shares.push_back(random       ? uniformAt(key, static_cast<uint64_t>(i))
                     : count == 1 ? 0
                                  : static_cast<double>(i) / static_cast<double>(count - 1));
  std::ranges::sort(shares);
  return shares;
}

std::vector<AxisValue> listOf(std::string_view values) {
  const char separator = values.find(';') == values.npos ? ',' : ';';
  if (values.ends_with(';')) values.remove_suffix(1);
  std::vector<AxisValue> list;
  for (size_t begin = 0; begin <= values.size();) {
    const size_t end = std::min(values.find(separator, begin), values.size());
    list.emplace_back(std::string(values.substr(begin, end - begin)));
    begin = end + 1;
  }
  return list;
}

}  // namespace

Result<Axis> parseAxis(std::string_view key, std::string_view values) {
  const Parameter* parameter = findParameter(key);
  if (parameter == nullptr) return unknownParameter(std::string(key));
  if (parameter->key == "seed")
    return Problem{"seed", "seed is no axis of a sweep: the number of seeds says how often each cell is repeated"};
  if (values.empty()) return problemWith(*parameter, values);
  Axis axis{std::string(parameter->key), {}};
  const bool random = values.starts_with(kRandom);
  const auto range = rangeOf(random ? values.substr(kRandom.size()) : values);
  if (!range) {
    if (random) return problemWith(*parameter, values);
    axis.values = listOf(values);
    return axis;
  }
  const bool number = std::holds_alternative<int64_t Config::*>(parameter->member) ||
                      std::holds_alternative<double Config::*>(parameter->member);
  if (!number || range->count < 1 || range->count > kMostValues || range->from > range->to)
    return problemWith(*parameter, values);
  for (const double share : shares(range->count, random, values)) {
    std::string value = valueIn(*parameter, *range, share);
    const auto same = [&](const AxisValue& other) { return other.label == value; };
    if (std::ranges::none_of(axis.values, same)) axis.values.emplace_back(std::move(value));
  }
  return axis;
}

Result<Axis> parseAxis(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == text.npos || equals + 1 == text.size())
    return Problem{
        "axis", fmt::format("axis '{}': it must be a parameter and its values, as update_interval=10,100", text)};
  return parseAxis(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace lab
