#include "training/trainer.h"

#include "network/models.h"
#include "parameters/config_builder.h"
#include "training/initial_state.h"
#include "training/run_error.h"
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

RunStart describeStart(const Config& config, const Dataset& data, const NetworkSpec& network,
                       const EngineRegistry::Choice& choice, const LayerDensities& densities,
                       const EngineState& initial) {
  RunStart start;
  start.config = config;
  start.hash = configurationHash(config);
  start.engine = choice.engine->name;
  start.engineWhy = choice.why;
  start.engineDetail = choice.engine->detail;
  start.sparseArithmetic = choice.engine->sparseArithmetic;
  const auto layers = weightLayers(network);
  for (size_t l = 0; l < layers.size(); ++l) {
    start.layers.push_back(
        {layers[l].name, layers[l].shape, layers[l].weights, densities.active[l], densities.target[l]});
    start.initialMasks.push_back(initial.layers[l].active);
  }
  start.stepsPerEpoch = (data.train.count + config.batch_size - 1) / config.batch_size;
  start.plannedSteps = start.stepsPerEpoch * config.totalEpochs();
  start.dataChecksums = data.checksums;
  return start;
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

  const std::stop_callback forwardStop(stop, [&] { commands.send(Stop{}); });
  RunResult result;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<RunLoop> loop;
  guarded(result, [&] {
    EngineState initial = initialState(network.value(), densities.value(), config);
    engine = choice.value().engine->make({network.value(), config, data});
    observer.onStart(describeStart(config, *data, network.value(), choice.value(), densities.value(), initial));
    loop = std::make_unique<RunLoop>(config, data, network.value(), *engine, std::move(initial), observer, commands);
    result.status = loop->run();
    if (result.status == RunStatus::Stopped) result.reason = "stopped on request";
  });
  result.engine = choice.value().engine->name;
  if (loop) loop->fill(result);
  const auto layers = weightLayers(network.value());
  for (size_t l = 0; l < layers.size(); ++l)
    result.layerInfo.push_back({layers[l].name, layers[l].shape, layers[l].weights, densities.value().active[l],
                                densities.value().target[l]});
  const RunResult ended = result;
  guarded(result, [&] { observer.onEnd(ended); });
  return result;
}

}  // namespace lab
