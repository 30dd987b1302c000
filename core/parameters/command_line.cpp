#include "parameters/command_line.h"

#include <CLI/CLI.hpp>

namespace lab {

namespace {

std::string valueType(const Parameter& parameter) {
  if (std::holds_alternative<bool Config::*>(parameter.member)) return "BOOL";
  if (std::holds_alternative<std::string Config::*>(parameter.member)) return "TEXT";
  return "NUMBER";
}

std::string description(const Parameter& parameter) {
  std::string text(parameter.help);
  text += " (" + allowedText(parameter);
  if (!parameter.unit.empty()) text += ", " + std::string(parameter.unit);
  return text + ")";
}

}  // namespace

ParameterOptions::ParameterOptions(CLI::App& app) {
  const Config defaults;
  for (const Parameter& parameter : parameters()) {
    const auto keep = [this, key = std::string(parameter.key)](const std::string& value) { given_[key] = value; };
    auto* option = app.add_option_function<std::string>(flagName(parameter), keep, description(parameter));
    option->group(std::string(title(parameter.group)))->type_name(valueType(parameter))->take_last();
    option->default_str(valueText(defaults, parameter));
  }
}

void ParameterOptions::addTo(ConfigBuilder& builder, Origin origin) const {
  for (const auto& [key, value] : given_) builder.set(key, value, origin);
}

}  // namespace lab
