#pragma once
// Random configurations for properties: values over the whole range of every row of the table.

#include "parameters/config_builder.h"
#include "topology/methods.h"

#include <rapidcheck.h>

#include <cmath>

namespace lab {

inline std::string anyText(const Parameter& parameter) {
  if (parameter.choices != nullptr) return *rc::gen::elementOf(parameter.choices());
  if (parameter.key == "hidden_widths") {
    std::string widths;
    for (const int width : *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 2000))))
      widths += (widths.empty() ? "" : ",") + std::to_string(width);
    return widths;
  }
  if (parameter.key == "constraint") return *rc::gen::element<std::string>("none", "none", "constant-fan-in", "2:4");
  if (parameter.key == "synthetic_shape") {
    const auto size = [](int most) { return std::to_string(*rc::gen::inRange(1, most)); };
    return size(5) + "x" + size(40) + "x" + size(40);
  }
  if (parameter.key == "learning_rate_milestones")
    return *rc::gen::element<std::string>("0.5,0.75", "0.1", "0.3,0.6,0.9", "0.999");
  return *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
}

inline void setAny(Config& config, const Parameter& parameter) {
  const auto within = [&] {
    const double share = *rc::gen::inRange(1, 1000000) / 1e6;
    if (parameter.scale == Scale::Linear)
      return parameter.minimum + share * (parameter.maximum - parameter.minimum);
    return parameter.minimum * std::pow(parameter.maximum / parameter.minimum, share);
  };
  if (const auto* whole = std::get_if<int64_t Config::*>(&parameter.member))
    config.*(*whole) = static_cast<int64_t>(within());
  else if (const auto* number = std::get_if<double Config::*>(&parameter.member))
    config.*(*number) = within();
  else if (const auto* flag = std::get_if<bool Config::*>(&parameter.member))
    config.*(*flag) = *rc::gen::arbitrary<bool>();
  else
    config.*std::get<std::string Config::*>(parameter.member) = anyText(parameter);
}

/// Some rows of the table set to random values, the others as the method would have them.
inline Config anyConfig() {
  Config config = defaultsFor(*rc::gen::elementOf(findParameter("method")->choices()));
  for (const Parameter& parameter : parameters())
    if (parameter.key != "method" && *rc::gen::inRange(0, 3) == 0) setAny(config, parameter);
  return config;
}

/// What has no effect goes back to its default, and what loses its effect by that, too.
inline void resetIdle(Config& config) {
  const Config defaults = defaultsFor(config.method);
  for (Config before = defaults; !(before == config);) {
    before = config;
    for (const auto& [key, reason] : idleParameters(config))
      setFromText(config, *findParameter(key), valueText(defaults, *findParameter(key)));
  }
}

/// A configuration that can be trained: what has no effect is at its default, and what contradicts is repaired.
inline Config anyValidConfig() {
  Config config = anyConfig();
  config.sparsity = std::min(config.sparsity, 0.9);
  config.prune_rate_floor = std::min(config.prune_rate_floor, config.prune_rate);
  config.initial_sparsity = std::min(config.initial_sparsity, config.sparsity / 2);
  config.update_begin = std::min(config.update_begin, config.update_end / 2);
  if (findMethod(config.method)->course == Course::Pruning) config.update_end = std::min(config.update_end, 0.75);
  config.rewind_epoch = std::min(config.rewind_epoch, config.totalEpochs() - 1);
  if (config.momentum == 0) config.momentum = 0.5;
  config.warmup_epochs = std::min(config.warmup_epochs, static_cast<double>(config.epochs));
  if (config.drop == "none") config.drop = "auto";
  if (config.grow == "none") config.grow = "auto";
  if (config.drop == "learned" || (config.drop == "sign" && config.pruning_scope == "global")) config.drop = "auto";
  if (config.drop.ends_with("threshold") && findMethod(config.method)->course != Course::Steady) config.drop = "auto";
  config.train_samples %= 1000;
  config.validation_samples %= 1000;
  config.test_samples %= 1000;
  config.image_size = config.image_size == 0 ? 0 : 40 + config.image_size % 24;  // large enough for every model
  if (config.dataset == "synthetic" && config.image_size == 0) config.synthetic_shape = "3x32x32";
  config.image_channels = "auto";
  if (config.distribution == "uniform-plus") config.distribution = "uniform";  // may be out of reach
  resetIdle(config);
  if (!validate(config).empty()) config.constraint = "none";
  return config;
}

}  // namespace lab
