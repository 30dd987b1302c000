#include "training/trainer.h"

#include "network/models.h"
#include "parameters/config_builder.h"
#include "training/initial_masks.h"
#include "training/initial_state.h"
#include "run_error.h"
#include "training/run_loop.h"

#include <fmt/format.h>

#include <new>

namespace lab {

namespace {

RunResult failure(ExitCode code, const std::string& reason) {
  RunResult result;
  result.status = RunStatus::Failed;
  result.exitCode = code;
  result.reason = reason;
  return result;
}

/// Calls `work` and turns what it throws into the reason of a failed run. The one place where exceptions end.
template <class Work>
void guarded(RunResult& result, Work work) {
  try {
    work();
  } catch (const RunError& error) {
    result = failure(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    result = failure(ExitCode::OutOfMemory, "the run needs more memory than there is: a smaller model or batch_size "
                                            "would be right");
  } catch (const std::exception& error) {
    result = failure(ExitCode::Internal, fmt::format("internal error: {}", error.what()));
  }
}

/// `realised`: the target is what the layer has, since nothing was asked of it alone.
std::vector<LayerInfo> describeLayers(const NetworkSpec& network, const ConfiguredDensities& densities,
                                      const EngineState& initial, bool realised) {
  std::vector<LayerInfo> infos;
  const auto layers = weightLayers(network);
  for (size_t l = 0; l < layers.size(); ++l) {
    const int64_t active = initial.layers[l].active.count();
    const double target =
        realised ? static_cast<double>(active) / static_cast<double>(layers[l].weights) : densities.end.target[l];
    infos.push_back({layers[l].name, layers[l].shape, layers[l].weights, active, target});
  }
  return infos;
}

RunStart describeStart(const Config& config, const Dataset& data, const EngineRegistry::Choice& choice,
                       std::vector<LayerInfo> layers, const EngineState& initial) {
  RunStart start;
  start.config = config;
  start.hash = configurationHash(config);
  start.engine = choice.engine->name;
  start.engineWhy = choice.why;
  start.engineDetail = choice.engine->detail;
  start.sparseArithmetic = choice.engine->sparseArithmetic;
  start.layers = std::move(layers);
  for (const LayerState& layer : initial.layers) start.initialMasks.push_back(layer.active);
  start.stepsPerEpoch = (data.train.count + config.batch_size - 1) / config.batch_size;
  start.dataChecksums = data.checksums;
  return start;
}

/// Runs the loop that `begin` makes, and tells how it ended.
template <class Begin>
RunResult carriedOut(const std::string& engine, const std::vector<LayerInfo>& layers, RunObserver& observer,
                     RunCommands& commands, const std::stop_token& stop, Begin begin) {
  const std::stop_callback forwardStop(stop, [&] { commands.send(Stop{}); });
  RunResult result;
  std::unique_ptr<RunLoop> loop;
  guarded(result, [&] {
    loop = begin();
    result.status = loop->run();
    if (result.status == RunStatus::Stopped) result.reason = "stopped on request";
  });
  result.engine = engine;
  if (loop) loop->fill(result);
  result.layerInfo = layers;
  const RunResult ended = result;
  guarded(result, [&] { observer.onEnd(ended); });
  return result;
}

/// Why these are not the data that a run saw; empty when they are.
std::string whyOtherData(const RunStart& start, const Dataset& data) {
  for (const auto& [file, checksum] : start.dataChecksums) {
    const auto found = data.checksums.find(file);
    if (found == data.checksums.end() || found->second != checksum)
      return fmt::format("{} of the data set {} is not the file that the run has trained on so far (SHA-256 {}): "
                         "set data_root to where that one is",
                         file, data.name, checksum);
  }
  return {};
}

}  // namespace

RunResult trainRun(const Config& config, std::shared_ptr<const Dataset> data, const EngineRegistry& engines,
                   RunObserver& observer, RunCommands& commands, std::stop_token stop) {
  const auto network = makeNetwork(config, data->shape, data->classes);
  if (!network) return failure(ExitCode::Configuration, describe(network.problems()));
  const auto choice = engines.choose(network.value(), config);
  if (!choice) return failure(ExitCode::Configuration, describe(choice.problems()));
  const auto densities = configuredDensities(network.value(), config);
  if (!densities) return failure(ExitCode::Configuration, describe(densities.problems()));

  std::unique_ptr<Engine> engine;
  std::vector<LayerInfo> layers;
  return carriedOut(choice.value().engine->name, layers, observer, commands, stop, [&] {
    const auto& [start, end] = densities.value();
    EngineState initial =
        initialState(network.value(), firstMasks(network.value(), start, config, data, engines.scorer()), config);
    engine = choice.value().engine->make({network.value(), config, data});
    layers = describeLayers(network.value(), densities.value(), initial, config.initial_mask != "random");
    RunStart began = describeStart(config, *data, choice.value(), layers, initial);
    LayerCounts counts{{}, end.active};
    for (const LayerInfo& layer : layers) counts.start.push_back(layer.active);
    auto loop = std::make_unique<RunLoop>(config, data, network.value(), *engine, std::move(initial), std::move(counts),
                                          observer, commands);
    began.plannedSteps = loop->plannedSteps();
    observer.onStart(began);
    return loop;
  });
}

RunResult resumeRun(const RunStart& start, RunLoopState state, std::shared_ptr<const Dataset> data,
                    const EngineRegistry& engines, RunObserver& observer, RunCommands& commands,
                    std::stop_token stop) {
  if (const std::string why = whyOtherData(start, *data); !why.empty()) return failure(ExitCode::Data, why);
  const auto network = makeNetwork(state.config, data->shape, data->classes);
  if (!network) return failure(ExitCode::Configuration, describe(network.problems()));
  Config config = state.config;
  config.engine = start.engine;  // "auto" might choose another one today
  const auto choice = engines.choose(network.value(), config);
  if (!choice) return failure(ExitCode::Configuration, describe(choice.problems()));

  std::unique_ptr<Engine> engine;
  return carriedOut(start.engine, start.layers, observer, commands, stop, [&] {
    engine = choice.value().engine->make({network.value(), state.config, data});
    observer.onStart(start);
    if (choice.value().engine->detail != start.engineDetail)
      observer.onEvent({state.step, 0, "warning", "engine", start.engineDetail, choice.value().engine->detail,
                        fmt::format("the run was trained on {} so far and goes on with {}: its numbers may differ in "
                                    "their last digits from those of a run in one piece",
                                    start.engineDetail, choice.value().engine->detail)});
    return std::make_unique<RunLoop>(std::move(state), data, network.value(), *engine, observer, commands);
  });
}

}  // namespace lab
