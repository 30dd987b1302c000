// Values of parameters as text, and back.

#include "parameters/parameter_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

namespace lab {

namespace {

/// Well-formed and without NUL: what a TOML file and a command line can carry.
bool isPlainUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int length = lead == 0     ? 0
                       : lead < 0x80 ? 1
                       : lead < 0xC2 ? 0
                       : lead < 0xE0 ? 2
                       : lead < 0xF0 ? 3
                       : lead < 0xF5 ? 4
                                     : 0;
    if (length == 0 || i + static_cast<size_t>(length) > text.size()) return false;
    uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (int k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + static_cast<size_t>(k)]);
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3Fu);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    i += static_cast<size_t>(length);
  }
  return true;
}

template <class Number>
std::optional<Number> parseNumber(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<int64_t> parse(std::string_view text, int64_t) { return parseNumber<int64_t>(text); }
std::optional<double> parse(std::string_view text, double) {
  auto number = parseNumber<double>(text);
  if (number) *number += 0.0;  // -0 becomes 0: equal values have equal texts
  return number;
}
std::optional<std::string> parse(std::string_view text, const std::string&) { return std::string(text); }
std::optional<bool> parse(std::string_view text, bool) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

/// False for NaN.
bool inRange(const Parameter& parameter, double value) {
  const bool above = parameter.minimumExclusive ? value > parameter.minimum : value >= parameter.minimum;
  const bool below = parameter.maximumExclusive ? value < parameter.maximum : value <= parameter.maximum;
  return above && below;
}

bool isFileOf(const Parameter& parameter, std::string_view value) {
  return !parameter.fileSuffix.empty() && value.ends_with(parameter.fileSuffix);
}

bool allowed(const Parameter& parameter, int64_t value) { return inRange(parameter, static_cast<double>(value)); }
bool allowed(const Parameter& parameter, double value) { return inRange(parameter, value); }
bool allowed(const Parameter&, bool) { return true; }
bool allowed(const Parameter& parameter, const std::string& value) {
  if (parameter.choices == nullptr || isFileOf(parameter, value)) return isPlainUtf8(value);
  const auto choices = parameter.choices();
  return std::find(choices.begin(), choices.end(), value) != choices.end();
}

Problem refusal(const Parameter& parameter, std::string_view text) {
  std::string message = fmt::format("{} '{}' is not possible: it must be {}", parameter.key,
                                    isPlainUtf8(text) ? text : "(not UTF-8)", allowedText(parameter));
  if (parameter.choices != nullptr)
    if (const std::string meant = nearest(text, parameter.choices()); !meant.empty())
      message += fmt::format("; did you mean {}?", meant);
  return {std::string(parameter.key), std::move(message)};
}

std::string rangeText(const Parameter& parameter) {
  return fmt::format("{} {} {} {}", parameter.minimumExclusive ? "above" : "from", parameter.minimum,
                     parameter.maximumExclusive ? "to below" : "to", parameter.maximum);
}

std::string allowedText(const Parameter& parameter, int64_t Config::*) {
  return fmt::format("a whole number from {} to {}", static_cast<int64_t>(parameter.minimum),
                     static_cast<int64_t>(parameter.maximum));
}
std::string allowedText(const Parameter& parameter, double Config::*) {
  return "a number " + rangeText(parameter);
}
std::string allowedText(const Parameter&, bool Config::*) { return "true or false"; }
std::string allowedText(const Parameter& parameter, std::string Config::*) {
  if (parameter.choices == nullptr) return "text (UTF-8)";
  const std::string choices = fmt::format("one of {}", fmt::join(parameter.choices(), ", "));
  return parameter.fileSuffix.empty() ? choices : fmt::format("{}, or a file *{}", choices, parameter.fileSuffix);
}

/// Levenshtein's distance: insertions, deletions and replacements that turn one into the other.
size_t editDistance(std::string_view from, std::string_view to) {
  std::vector<size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < from.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < to.size(); ++j) {
      const size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

const Parameter* findParameter(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '-', '_');
  for (const Parameter& parameter : parameters())
    if (parameter.key == name) return &parameter;
  return nullptr;
}

std::string flagName(const Parameter& parameter) {
  std::string flag = "--" + std::string(parameter.key);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string valueText(const Config& config, const Parameter& parameter) {
  return std::visit([&](auto member) { return fmt::format("{}", config.*member); }, parameter.member);
}

Problems setFromText(Config& config, const Parameter& parameter, std::string_view text) {
  return std::visit(
      [&](auto member) -> Problems {
        auto value = parse(text, config.*member);
        if (!value || !allowed(parameter, *value)) return {refusal(parameter, text)};
        config.*member = std::move(*value);
        return {};
      },
      parameter.member);
}

std::string allowedText(const Parameter& parameter) {
  return std::visit([&](auto member) { return allowedText(parameter, member); }, parameter.member);
}

std::string nearest(std::string_view name, const std::vector<std::string>& names) {
  std::string best;
  size_t bestDistance = std::max<size_t>(2, name.size() / 3) + 1;  // further away is no slip of the keyboard
  for (const std::string& candidate : names) {
    const size_t distance = editDistance(name, candidate);
    if (distance < bestDistance && distance < candidate.size()) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

}  // namespace lab
