#include "parameters/form_values.h"

#include "parameters/config_builder.h"

#include <utility>

namespace lab::ui {
namespace {

/// `values` on top of the defaults; texts that cannot be read leave the default and become problems.
Config apply(const FormValues& values, Config config, const std::map<std::string, std::string>& leaveOut,
             Problems& problems) {
  for (const auto& [key, text] : values) {
    const Parameter* parameter = findParameter(key);
    if (parameter == nullptr || leaveOut.contains(key)) continue;
    for (auto& problem : setFromText(config, *parameter, text)) problems.push_back(std::move(problem));
  }
  return config;
}

}  // namespace

FormOutcome resolve(const FormValues& values) {
  FormOutcome outcome;
  const auto method = values.find("method");
  outcome.defaults = defaultsFor(method == values.end() ? Config{}.method : method->second);
  Problems ignored;
  outcome.idle = idleParameters(apply(values, outcome.defaults, {}, ignored));
  outcome.config = apply(values, outcome.defaults, outcome.idle, outcome.problems);
  for (auto& problem : validate(outcome.config)) outcome.problems.push_back(std::move(problem));
  return outcome;
}

FormValues valuesOf(const Config& config) {
  FormValues values;
  const Config defaults = defaultsFor(config.method);
  if (config.method != Config{}.method) values["method"] = config.method;
  for (const auto& parameter : parameters()) {
    const auto text = valueText(config, parameter);
    if (text != valueText(defaults, parameter)) values[std::string(parameter.key)] = text;
  }
  return values;
}

}  // namespace lab::ui
