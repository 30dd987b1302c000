// Configurations as TOML: flat `key = value` lines.

#include "parameters/config_builder.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <optional>

namespace lab {

namespace {

/// A TOML basic string.
std::string tomlString(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string assignment(const Config& config, const Parameter& parameter) {
  const bool isText = std::holds_alternative<std::string Config::*>(parameter.member);
  const std::string value = valueText(config, parameter);
  return fmt::format("{} = {}", parameter.key, isText ? tomlString(value) : value);
}

/// The scalar as the text that setFromText takes; nothing for tables, arrays and dates.
std::optional<std::string> scalarText(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return fmt::format("{}", flag->get());
  return std::nullopt;
}

}  // namespace

void ConfigBuilder::addToml(std::string_view text, std::string_view where, Origin origin) {
  const auto refuse = [&](const toml::source_region& at, std::string_view key, std::string_view why) {
    problems_.push_back({std::string(key), fmt::format("{} line {}: {}", where, at.begin.line, why)});
  };
  try {
    const toml::table table = toml::parse(text);
    for (const auto& [key, node] : table) {
      const auto value = scalarText(node);
      if (!value) {
        refuse(node.source(), key.str(), fmt::format("'{}' is not a single value; write key = value", key.str()));
      } else if (findParameter(key.str()) == nullptr) {
        refuse(node.source(), key.str(), unknownParameter(key.str()).message);
      } else {
        set(key.str(), *value, origin);
      }
    }
  } catch (const toml::parse_error& error) {
    refuse(error.source(), where, error.description());
  }
}

std::string toToml(const Config& config) {
  std::string text = "# A configuration of ITOP Lab: itoplab run --config FILE\n";
  const auto idle = idleParameters(config);
  std::optional<Group> group;
  for (const Parameter& parameter : parameters()) {
    if (group != parameter.group) text += fmt::format("\n### {} ###\n", title(parameter.group));
    group = parameter.group;
    text += fmt::format("\n# {}{}{}: {}\n# {}\n", parameter.label, parameter.unit.empty() ? "" : ", ",
                        parameter.unit, allowedText(parameter), parameter.help);
    const auto reason = idle.find(std::string(parameter.key));
    if (reason != idle.end()) text += fmt::format("# Without effect here: {}\n# ", reason->second);
    text += assignment(config, parameter) + "\n";
  }
  return text;
}

}  // namespace lab
