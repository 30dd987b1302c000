#include "run_json.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

// JSON has no NaN: null stands for it, and for what is not there.
Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json shares(const std::map<int64_t, double>& values) {
  Json object = Json::object();
  for (const auto& [steps, share] : values) object[std::to_string(steps)] = share;
  return object;
}

/// By k: Σ over all weights of min(longest life, k), and of min(sum of its lives, k).
Json lifeSums(const std::map<int64_t, LifeSums>& sums) {
  Json object = Json::object();
  for (const auto& [k, sum] : sums) object[std::to_string(k)] = {{"longest", sum.longest}, {"total", sum.total}};
  return object;
}

Json layerJson(const LayerInfo& info, const LayerExploration* exploration) {
  Json layer = {{"name", info.name},
                {"shape", info.shape},
                {"weights", info.weights},
                {"target_density", info.targetDensity},
                {"active", exploration == nullptr ? info.active : exploration->active}};
  if (exploration == nullptr) return layer;
  layer["explored"] = exploration->explored;
  layer["r_s"] = exploration->rs();
  layer["reliable"] = exploration->reliable;
  layer["initial_edges_kept"] = exploration->initialEdgesKept();
  return layer;
}

}  // namespace

std::string_view name(RunStatus status) {
  constexpr std::string_view kNames[] = {"done", "stopped", "failed"};
  return kNames[static_cast<size_t>(status)];
}

Json runJson(const RunResult& result, const std::filesystem::path& directory, std::string_view status) {
  Json json = {{"run", directory.empty() ? Json() : Json(directory.string())},
               {"status", status},
               {"reason", result.reason},
               {"exit_code", static_cast<int>(result.exitCode)},
               {"engine", result.engine},
               {"test_accuracy", number(result.testAccuracy)},
               {"best_validation_accuracy", number(result.bestValidationAccuracy)},
               {"test_accuracy_at_best_validation", number(result.testAccuracyAtBestValidation)},
               {"final_train_loss", number(result.finalTrainLoss)},
               {"r_s", result.rs},
               {"r_s_excluding_dense", result.rsExcludingDense},
               {"r_s_at_best_validation", number(result.rsAtBestValidation)},
               {"r_rel", shares(result.reliable)},
               {"r_surv", shares(result.survived)},
               {"initial_edges_kept", result.initialEdgesKept},
               {"active_steps", result.activeSteps},
               {"life_sums", lifeSums(result.lifeSums)},
               {"density", result.density},
               {"active_weights", result.activeWeights},
               {"maskable_weights", result.maskableWeights},
               {"steps", result.steps},
               {"topology_updates", result.topologyUpdates},
               {"grown", result.growth.grown},
               {"regrown_at_once", result.growth.regrownAtOnce},
               {"wasted", result.growth.wasted},
               {"train_seconds", result.trainSeconds},
               {"seconds", result.seconds},
               {"train_flops", result.trainFlops},
               {"train_flops_relative_to_dense", result.trainFlopsRelativeToDense},
               {"inference_flops", result.inferenceFlops},
               {"inference_flops_relative_to_dense", result.inferenceFlopsRelativeToDense},
               {"layers", Json::array()}};
  for (size_t l = 0; l < result.layerInfo.size(); ++l)
    json["layers"].push_back(
        layerJson(result.layerInfo[l], l < result.layers.size() ? &result.layers[l] : nullptr));
  return json;
}

void printJson(const Json& json) { fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace)); }

}  // namespace lab::cli
