// What the values of a configuration mean together: which have no effect, and which contradict each other.

#include "data/dataset.h"
#include "network/models.h"
#include "parameters/config_builder.h"
#include "topology/methods.h"
#include "topology/schedule.h"
#include "training/initial_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace lab {

namespace {

/// Why the topology of this configuration never changes; empty when it does.
std::string whyNoUpdates(const Config& config, const Method& method) {
  if (method.drop == DropRule::None && method.grow == GrowRule::None)
    return fmt::format("method {} never changes its connections", config.method);
  if (config.sparsity == 0) return "sparsity 0 leaves no inactive connection to explore";
  return {};
}

/// Parameters of topology updates: all of the group but the method itself, and k, which is measured in any case.
bool isAboutUpdates(const Parameter& parameter) {
  return parameter.group == Group::Exploration && parameter.key != "method" && parameter.key != "reliable_steps";
}

Problems badValues(const Config& config) {
  Problems problems;
  for (const Parameter& parameter : parameters()) {
    Config copy = config;
    for (Problem& problem : setFromText(copy, parameter, valueText(config, parameter)))
      problems.push_back(std::move(problem));
  }
  return problems;
}

Problems badRules(const Config& config, const Method& method) {
  const auto rules = rulesFor(config.method, config.drop, config.grow);
  if (!rules) return rules.problems();
  Problems problems;
  const auto refuse = [&](std::string_view key, const std::string& value, std::string_view why) {
    if (value != kMethodsOwnRule)
      problems.push_back({std::string(key), fmt::format("{} {}: {}", key, value, why)});
  };
  if (method.drop == DropRule::None && method.grow == GrowRule::None) {
    const std::string why = fmt::format(
        "method {} never changes its connections and has no rule to replace; choose "
        "another method",
        config.method);
    refuse("drop", config.drop, why);
    refuse("grow", config.grow, why);
    return problems;
  }
  if (rules.value().drop == DropRule::None)
    refuse("drop", config.drop,
           "an update that drops nothing has no place for new connections; method static is the "
           "network that keeps its connections");
  if (rules.value().grow == GrowRule::None)
    refuse("grow", config.grow,
           "an update that drops and grows nothing would empty the network; choose a grow rule, or "
           "method static");
  return problems;
}

Problems badNetwork(const Config& config) {
  const DatasetInfo* data = findDataset(config.dataset);
  const auto network = makeNetwork(config, data->shape, data->classes);
  if (!network) return network.problems();
  const auto densities = configuredDensities(network.value(), config);
  return densities ? Problems{} : densities.problems();
}

void append(Problems& problems, Problems more) {
  problems.insert(problems.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::map<std::string, std::string> idleParameters(const Config& config) {
  std::map<std::string, std::string> idle;
  const Method* method = findMethod(config.method);
  const Model* model = findModel(config.model);
  const PruneSchedule* schedule = findPruneSchedule(config.prune_schedule);

  if (model != nullptr && !model->readsHiddenWidths)
    idle["hidden_widths"] = fmt::format("model {} has layers of fixed widths", config.model);
  if (method != nullptr && !method->sparse)
    idle["sparsity"] = idle["distribution"] = fmt::format("method {} keeps every connection", config.method);
  if (schedule != nullptr && !schedule->usesFloor)
    idle["prune_rate_floor"] = fmt::format("prune_schedule {} has no floor", config.prune_schedule);
  if (config.momentum == 0) idle["nesterov"] = "momentum is 0";

  const std::string still = method == nullptr ? "" : whyNoUpdates(config, *method);
  for (const Parameter& parameter : parameters())
    if (!still.empty() && isAboutUpdates(parameter)) idle[std::string(parameter.key)] = still;
  return idle;
}

Problems validate(const Config& config, const std::set<std::string>& explicitKeys) {
  Problems problems = badValues(config);
  if (!problems.empty()) return problems;

  const auto idle = idleParameters(config);
  for (const auto& [key, reason] : idle)
    if (explicitKeys.contains(key))
      problems.push_back({key, fmt::format("{} {} would do nothing: {}; leave it out", key,
                                           valueText(config, *findParameter(key)), reason)});
  for (Problem& problem : badRules(config, *findMethod(config.method)))
    if (!explicitKeys.contains(problem.key) || !idle.contains(problem.key)) problems.push_back(std::move(problem));
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
