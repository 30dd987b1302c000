#include "parameters/config_builder.h"

#include <algorithm>

namespace lab {

std::string shellWord(const std::string& text) {
  const auto isSafe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./,:+=@").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), isSafe)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::vector<std::string> toArguments(const Config& config) {
  std::vector<std::string> arguments;
  const Config otherwise = defaultsFor(config.method);
  const auto idle = idleParameters(config);
  for (const Parameter& parameter : parameters()) {
    if (idle.contains(std::string(parameter.key))) continue;
    const std::string value = valueText(config, parameter);
    const std::string without = valueText(parameter.key == "method" ? Config{} : otherwise, parameter);
    if (value == without) continue;
    arguments.push_back(flagName(parameter));
    arguments.push_back(value);
  }
  return arguments;
}

std::string toCommandLine(const Config& config) {
  std::string line = "itoplab run";
  for (const std::string& argument : toArguments(config)) line.append(" ").append(shellWord(argument));
  return line;
}

}  // namespace lab
