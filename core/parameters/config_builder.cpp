#include "parameters/config_builder.h"

#include "topology/methods.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace lab {

std::string_view name(Origin origin) {
  constexpr std::array<std::string_view, 7> kNames{"default",     "method", "preset", "file",
                                                   "environment", "flag",   "window"};
  return kNames[static_cast<size_t>(origin)];
}

std::set<std::string> ResolvedConfig::explicitKeys() const {
  std::set<std::string> keys;
  for (const auto& [key, origin] : origins)
    if (origin > Origin::Method) keys.insert(key);
  return keys;
}

Problem unknownParameter(std::string_view key) {
  std::vector<std::string> keys;
  for (const Parameter& parameter : parameters()) keys.emplace_back(parameter.key);
  const std::string meant = nearest(key, keys);
  return {std::string(key), meant.empty() ? fmt::format("unknown parameter '{}'", key)
                                          : fmt::format("unknown parameter '{}'; did you mean {}?", key, meant)};
}

Config defaultsFor(std::string_view methodName) {
  Config config;
  const Method* method = findMethod(methodName);
  if (method == nullptr) return config;
  config.method = methodName;
  for (const MethodDefault& own : method->defaults) setFromText(config, *findParameter(own.key), own.value);
  return config;
}

void ConfigBuilder::set(std::string_view key, std::string_view value, Origin origin) {
  const Parameter* parameter = findParameter(key);
  if (parameter == nullptr) {
    problems_.push_back(unknownParameter(key));
    return;
  }
  const auto [place, added] = assignments_.try_emplace(std::string(parameter->key));
  if (added || origin >= place->second.origin) place->second = {std::string(value), origin};
}

Result<ResolvedConfig> ConfigBuilder::resolve() const {
  Problems problems = problems_;
  const auto method = assignments_.find("method");
  ResolvedConfig resolved;
  resolved.config = defaultsFor(method == assignments_.end() ? Config{}.method : method->second.value);
  for (const Parameter& parameter : parameters()) resolved.origins.emplace(parameter.key, Origin::Default);
  if (const Method* row = findMethod(resolved.config.method))
    for (const MethodDefault& own : row->defaults) resolved.origins[std::string(own.key)] = Origin::Method;

  for (const auto& [key, assignment] : assignments_) {
    append(problems, setFromText(resolved.config, *findParameter(key), assignment.value));
    resolved.origins[key] = assignment.origin;
  }
  if (problems.empty()) problems = validate(resolved.config, resolved.explicitKeys());
  if (!problems.empty()) return problems;
  return resolved;
}

}  // namespace lab
