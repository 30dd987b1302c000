// What the values of a configuration mean together: which of them contradict each other.

#include "data/augmentation.h"
#include "data/data_info.h"
#include "network/models.h"
#include "parameters/config_builder.h"
#include "topology/growth_constraint.h"
#include "topology/methods.h"
#include "training/initial_masks.h"
#include "training/learning_rate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace lab {

namespace {

Problems badValues(const Config& config) {
  Problems problems;
  for (const Parameter& parameter : parameters()) {
    Config copy = config;
    for (Problem& problem : setFromText(copy, parameter, valueText(config, parameter)))
      problems.push_back(std::move(problem));
  }
  return problems;
}

/// Says no to a value with the reason.
Problem refused(std::string_view key, const std::string& value, std::string_view why) {
  return {std::string(key), fmt::format("{} {}: {}", key, value, why)};
}

Problems badRules(const Config& config, const Method& method) {
  const auto chosen =
      rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope});
  if (!chosen) return chosen.problems();
  const Rules& rules = chosen.value();
  Problems problems;
  const auto refuse = [&](bool wrong, std::string_view key, const std::string& value, std::string_view why) {
    if (wrong && value != kMethodsOwnRule) problems.push_back(refused(key, value, why));
  };
  if (!method.changesTopology()) {
    const std::string why = fmt::format(
        "method {} never changes its connections and has no rule to replace; choose "
        "another method",
        config.method);
    refuse(true, "drop", config.drop, why);
    refuse(true, "grow", config.grow, why);
    return problems;
  }
  const bool learned = method.course == Course::Learned, steady = method.course == Course::Steady;
  refuse(rules.drop == DropRule::None, "drop", config.drop,
         "an update that drops nothing has no place for new connections; method static is the "
         "network that keeps its connections");
  refuse(rules.grow == GrowRule::None && steady, "grow", config.grow,
         "an update that drops and grows nothing would empty the network; choose a grow rule, or "
         "method static");
  refuse(rules.drop == DropRule::Learned && !learned, "drop", config.drop,
         "thresholds are learned by method str only; threshold is the rule of a fixed one");
  refuse(
      rules.isThreshold() && !steady, "drop", config.drop,
      fmt::format("method {} drops exact numbers of weights, which a threshold does not; magnitude would be right",
                  config.method));
  refuse(rules.drop == DropRule::Sign && rules.scope == Scope::Global, "pruning_scope", config.pruning_scope,
         "drop sign ranks positive and negative weights of one layer; pruning_scope layer would be right");
  refuse(
      method.course == Course::Pruning && rules.scope == Scope::Layer && rules.grow != GrowRule::None &&
          rules.redistribution != Redistribution::None,
      "redistribution", config.redistribution,
      "it moves connections between layers that pruning_scope layer prunes each to its own number; pruning_scope "
      "global would be right");
  const bool needsMomentum = rules.grow == GrowRule::Momentum || rules.redistribution == Redistribution::Momentum;
  if (needsMomentum && config.momentum == 0)
    problems.push_back(
        {"momentum", fmt::format("momentum 0 leaves method {} nothing to grow or redistribute by; 0.9 "
                                 "would be right",
                                 config.method)});
  return problems;
}

Problems badConstraint(const Config& config, const Method& method) {
  const auto constraint = parseConstraint(config.constraint);
  if (!constraint) return constraint.problems();
  if (constraint.value().kind == GrowthConstraint::Kind::None || !method.sparse) return {};
  Problems problems;
  const auto refuse = [&](bool wrong, const std::string& why) {
    if (wrong) problems.push_back(refused("constraint", config.constraint, why));
  };
  refuse(method.course != Course::Steady,
         fmt::format("method {} does not keep the number of connections", config.method));
  refuse(config.redistribution != "none", "redistribution moves connections between layers; none would be right");
  refuse(config.pruning_scope == "global", "pruning_scope global takes unequal numbers; layer would be right");
  refuse(config.initial_mask != "random",
         fmt::format("initial_mask {} knows no structure; random would be right", config.initial_mask));
  return problems;
}

Problems badTimes(const Config& config, const Method& method) {
  Problems problems;
  if (method.changesTopology() && config.update_begin >= config.update_end)
    problems.push_back({"update_begin", fmt::format("update_begin {} does not lie before update_end {}",
                                                    config.update_begin, config.update_end)});
  if (method.course == Course::Pruning && config.update_end >= 1)
    problems.push_back(
        {"update_end", fmt::format("update_end {} leaves no training after the last pruning: 0.75 would be "
                                   "right",
                                   config.update_end)});
  if (method.course == Course::Pruning && config.initial_sparsity >= config.sparsity)
    problems.push_back(
        {"initial_sparsity", fmt::format("initial_sparsity {} must lie below sparsity {}, to which the "
                                         "network is pruned",
                                         config.initial_sparsity, config.sparsity)});
  if (method.course == Course::Rounds && config.rewind_epoch >= config.totalEpochs())
    problems.push_back({"rewind_epoch", fmt::format("rewind_epoch {} does not lie within the {} epochs of a round",
                                                    config.rewind_epoch, config.totalEpochs())});
  return problems;
}

Problems badLearningRate(const Config& config, const Method&) {
  Problems problems;
  const bool usesMilestones = findLearningRateSchedule(config.learning_rate_schedule)->usesMilestones;
  if (const auto milestones = learningRateMilestones(config); usesMilestones && !milestones)
    problems = milestones.problems();
  if (config.warmup_epochs > static_cast<double>(config.epochs))
    problems.push_back({"warmup_epochs", fmt::format("warmup_epochs {} is longer than the training of {} epochs",
                                                     config.warmup_epochs, config.epochs)});
  return problems;
}

Problems badNetwork(const Config& config) {
  const auto data = dataInfoFor(config);
  if (!data) return data.problems();
  if (auto problems = augmentationProblems(config, data.value().shape); !problems.empty()) return problems;
  const auto network = makeNetwork(config, data.value().shape, data.value().classes);
  if (!network) return network.problems();
  const auto densities = configuredDensities(network.value(), config);
  return densities ? Problems{} : densities.problems();
}

}  // namespace

Problems validate(const Config& config, const std::set<std::string>& explicitKeys) {
  Problems problems = badValues(config);
  if (!problems.empty()) return problems;

  const auto idle = idleParameters(config);
  for (const auto& [key, reason] : idle)
    if (explicitKeys.contains(key))
      problems.push_back({key, fmt::format("{} {} would do nothing: {}; leave it out", key,
                                           valueText(config, *findParameter(key)), reason)});
  const Method& method = *findMethod(config.method);
  for (const auto& check : {badRules, badConstraint, badTimes, badLearningRate})
    for (Problem& problem : check(config, method))
      if (!explicitKeys.contains(problem.key) || !idle.contains(problem.key))
        problems.push_back(std::move(problem));
  if (!idle.contains("prune_rate_floor") && config.prune_rate_floor > config.prune_rate)
    problems.push_back(
        {"prune_rate_floor",
         fmt::format("prune_rate_floor {} lies above prune_rate {}, from which the schedule falls to it: "
                     "it must be at most {}",
                     config.prune_rate_floor, config.prune_rate, config.prune_rate)});
  append(problems, badNetwork(config));
  return problems;
}

}  // namespace lab
