#include "store/run_json.h"

#include "parameters/config_builder.h"
#include "store/machine.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace lab {

using nlohmann::json;

namespace {

// JSON has no NaN: null stands for it, and for a value that is not there.
json number(const std::optional<double>& value) { return value ? json(*value) : json(); }

std::optional<double> optionalAt(const json& object, const char* key) {
  const json& value = object.at(key);
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

double numberAt(const json& object, const char* key) {
  return optionalAt(object, key).value_or(std::numeric_limits<double>::quiet_NaN());
}

json sharesJson(const std::map<int64_t, double>& shares) {
  json object = json::object();
  for (const auto& [key, value] : shares) object[std::to_string(key)] = value;
  return object;
}

std::map<int64_t, double> shares(const json& object) {
  std::map<int64_t, double> result;
  for (const auto& [key, value] : object.items()) result[std::stoll(key)] = value.get<double>();
  return result;
}

json lifeSumsJson(const std::map<int64_t, LifeSums>& sums) {
  json object = json::object();
  for (const auto& [k, sum] : sums) object[std::to_string(k)] = {{"longest", sum.longest}, {"total", sum.total}};
  return object;
}

std::map<int64_t, LifeSums> lifeSums(const json& object) {
  std::map<int64_t, LifeSums> result;
  for (const auto& [k, sum] : object.items())
    result[std::stoll(k)] = {sum.at("longest").get<int64_t>(), sum.at("total").get<int64_t>()};
  return result;
}

json layerJson(const LayerInfo& layer) {
  return {{"name", layer.name},
          {"shape", layer.shape},
          {"weights", layer.weights},
          {"active", layer.active},
          {"target_density", layer.targetDensity}};
}

LayerInfo layerInfo(const json& object) {
  LayerInfo layer;
  object.at("name").get_to(layer.name);
  object.at("shape").get_to(layer.shape);
  object.at("weights").get_to(layer.weights);
  object.at("active").get_to(layer.active);
  layer.targetDensity = numberAt(object, "target_density");
  return layer;
}

/// The whole counts of a LayerExploration by name.
constexpr std::pair<const char*, int64_t LayerExploration::*> kCounts[] = {
    {"weights", &LayerExploration::weights},
    {"active", &LayerExploration::active},
    {"explored", &LayerExploration::explored},
    {"reliable", &LayerExploration::reliable},
    {"grown", &LayerExploration::grown},
    {"dropped", &LayerExploration::dropped},
    {"initial_survivors", &LayerExploration::initialSurvivors},
    {"initial_edges", &LayerExploration::initialEdges},
    {"active_reliable", &LayerExploration::activeReliable},
};

json explorationJson(const LayerExploration& layer) {
  json object;
  for (const auto& [key, member] : kCounts) object[key] = layer.*member;
  object["counts_as_dense"] = layer.countsAsDense;
  return object;
}

LayerExploration exploration(const json& object) {
  LayerExploration layer;
  for (const auto& [key, member] : kCounts) layer.*member = object.value(key, int64_t{0});
  object.at("counts_as_dense").get_to(layer.countsAsDense);
  return layer;
}

json resultJson(const RunResult& result) {
  json object = {{"engine", result.engine},
                 {"exit_code", static_cast<int>(result.exitCode)},
                 {"test_accuracy", number(result.testAccuracy)},
                 {"best_validation_accuracy", number(result.bestValidationAccuracy)},
                 {"test_accuracy_at_best_validation", number(result.testAccuracyAtBestValidation)},
                 {"r_s_at_best_validation", number(result.rsAtBestValidation)},
                 {"final_train_loss", number(result.finalTrainLoss)},
                 {"r_s", result.rs},
                 {"r_s_excluding_dense", result.rsExcludingDense},
                 {"r_rel", sharesJson(result.reliable)},
                 {"r_surv", sharesJson(result.survived)},
                 {"life_sums", lifeSumsJson(result.lifeSums)},
                 {"active_steps", result.activeSteps},
                 {"initial_edges_kept", result.initialEdgesKept},
                 {"growth",
                  {{"grown", result.growth.grown},
                   {"regrown_at_once", result.growth.regrownAtOnce},
                   {"wasted", result.growth.wasted}}},
                 {"density", result.density},
                 {"active_weights", result.activeWeights},
                 {"maskable_weights", result.maskableWeights},
                 {"steps", result.steps},
                 {"topology_updates", result.topologyUpdates},
                 {"train_seconds", result.trainSeconds},
                 {"seconds", result.seconds},
                 {"train_flops", result.trainFlops},
                 {"train_flops_relative_to_dense", result.trainFlopsRelativeToDense},
                 {"inference_flops", result.inferenceFlops},
                 {"inference_flops_relative_to_dense", result.inferenceFlopsRelativeToDense},
                 {"layers", json::array()},
                 {"exploration", json::array()}};
  for (const LayerInfo& layer : result.layerInfo) object["layers"].push_back(layerJson(layer));
  for (const LayerExploration& layer : result.layers) object["exploration"].push_back(explorationJson(layer));
  return object;
}

RunResult resultFrom(const json& object) {
  RunResult result;
  object.at("engine").get_to(result.engine);
  result.exitCode = static_cast<ExitCode>(object.at("exit_code").get<int>());
  result.testAccuracy = optionalAt(object, "test_accuracy");
  result.bestValidationAccuracy = optionalAt(object, "best_validation_accuracy");
  result.testAccuracyAtBestValidation = optionalAt(object, "test_accuracy_at_best_validation");
  result.rsAtBestValidation = optionalAt(object, "r_s_at_best_validation");
  result.finalTrainLoss = optionalAt(object, "final_train_loss");
  result.rs = numberAt(object, "r_s");
  result.rsExcludingDense = numberAt(object, "r_s_excluding_dense");
  result.reliable = shares(object.at("r_rel"));
  result.survived = shares(object.at("r_surv"));
  result.lifeSums = lifeSums(object.value("life_sums", json::object()));
  result.activeSteps = object.value("active_steps", int64_t{0});
  result.initialEdgesKept = object.value("initial_edges_kept", 1.0);
  const json& growth = object.at("growth");
  growth.at("grown").get_to(result.growth.grown);
  growth.at("regrown_at_once").get_to(result.growth.regrownAtOnce);
  growth.at("wasted").get_to(result.growth.wasted);
  result.density = numberAt(object, "density");
  object.at("active_weights").get_to(result.activeWeights);
  object.at("maskable_weights").get_to(result.maskableWeights);
  object.at("steps").get_to(result.steps);
  object.at("topology_updates").get_to(result.topologyUpdates);
  result.trainSeconds = numberAt(object, "train_seconds");
  result.seconds = numberAt(object, "seconds");
  result.trainFlops = numberAt(object, "train_flops");
  result.trainFlopsRelativeToDense = numberAt(object, "train_flops_relative_to_dense");
  result.inferenceFlops = numberAt(object, "inference_flops");
  result.inferenceFlopsRelativeToDense = numberAt(object, "inference_flops_relative_to_dense");
  for (const json& layer : object.at("layers")) result.layerInfo.push_back(layerInfo(layer));
  for (const json& layer : object.at("exploration")) result.layers.push_back(exploration(layer));
  return result;
}

/// Indented, and whole even when a text is not UTF-8.
std::string print(const json& object) { return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n"; }

/// Calls `read` on the parsed text; whatever is missing or of another type becomes a problem.
template <class T, class Read>
Result<T> parsed(std::string_view text, const std::string& where, Read read) {
  try {
    return Result<T>(read(json::parse(text)));
  } catch (const std::exception& error) {
    return Problem{where, fmt::format("{} is damaged: {}", where, error.what())};
  }
}

}  // namespace

std::string manifestJson(const RunStart& start, const ManifestExtra& extra) {
  const Machine machine = thisMachine();
  json object = {
      {"program", {{"name", "itoplab"}, {"version", extra.programVersion}, {"git", gitState()}}},
      {"numerics_version", kNumericsVersion},
      {"command_line", extra.commandLine},
      {"started", extra.started},
      {"machine",
       {{"host", machine.host}, {"cpu", machine.cpu}, {"cores", machine.cores}, {"system", machine.system}}},
      {"engine",
       {{"name", start.engine},
        {"why", start.engineWhy},
        {"detail", start.engineDetail},
        {"sparsity", start.sparseArithmetic ? "real" : "simulated"}}},
      {"update_order", start.config.update_order},
      {"hash", start.hash},
      {"planned_steps", start.plannedSteps},
      {"steps_per_epoch", start.stepsPerEpoch},
      {"data", {{"name", start.config.dataset}, {"sha256", start.dataChecksums}}},
      {"layers", json::array()}};
  for (const LayerInfo& layer : start.layers) object["layers"].push_back(layerJson(layer));
  return print(object);
}

Result<RunStart> parseManifest(std::string_view text, const std::string& where) {
  return parsed<RunStart>(text, where, [](const json& object) {
    RunStart start;
    object.at("hash").get_to(start.hash);
    const json& engine = object.at("engine");
    engine.at("name").get_to(start.engine);
    engine.at("why").get_to(start.engineWhy);
    engine.at("detail").get_to(start.engineDetail);
    start.sparseArithmetic = engine.at("sparsity").get<std::string>() == "real";
    object.at("planned_steps").get_to(start.plannedSteps);
    object.at("steps_per_epoch").get_to(start.stepsPerEpoch);
    object.at("data").at("sha256").get_to(start.dataChecksums);
    for (const json& layer : object.at("layers")) start.layers.push_back(layerInfo(layer));
    return start;
  });
}

std::string stateJson(const RunState& state) {
  json object = {{"status", state.status},
                 {"reason", state.reason},
                 {"hash", state.hash},
                 {"started", state.started},
                 {"heartbeat", state.heartbeat}};
  if (state.status != "running") object["result"] = resultJson(state.result);
  return print(object);
}

Result<RunState> parseState(std::string_view text, const std::string& where) {
  return parsed<RunState>(text, where, [](const json& object) {
    RunState state;
    object.at("status").get_to(state.status);
    object.at("reason").get_to(state.reason);
    object.at("hash").get_to(state.hash);
    object.at("started").get_to(state.started);
    object.at("heartbeat").get_to(state.heartbeat);
    if (object.contains("result")) state.result = resultFrom(object.at("result"));
    state.result.reason = state.reason;
    state.result.status = state.status == "done"      ? RunStatus::Done
                          : state.status == "stopped" ? RunStatus::Stopped
                                                      : RunStatus::Failed;
    return state;
  });
}

}  // namespace lab
