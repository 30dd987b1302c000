#pragma once
// The training loop, the same for all engines: epochs, order of samples, learning rate, when to update the topology,
// when to evaluate and report.

#include "data/dataset.h"
#include "engines/engine.h"
#include "parameters/config.h"
#include "training/run_commands.h"
#include "training/run_loop_state.h"
#include "training/run_observer.h"

#include <memory>
#include <stop_token>

namespace lab {

/// Trains to the end, a stop, or a failure; never throws. Exceptions of the engine become RunResult{Failed}.
/// `config` must be valid. Observers and commands outlive the call. A stop request is a Stop command.
/// Problems before the first step (engine refuses, data do not fit) are returned as RunResult{Failed, Configuration},
/// without onStart.
RunResult trainRun(const Config& config, std::shared_ptr<const Dataset> data, const EngineRegistry& engines,
                   RunObserver& observer, RunCommands& commands, std::stop_token stop = {});

/// The same for a run that was cut off: goes on where `state` was taken and ends as the whole run would have ended,
/// bit for bit but for its clocks. `start` is what the run started from; its engine is used again. Observers are told
/// the start once more. Problems: the engine is not there or refuses, or the data are not those of the start (Data).
RunResult resumeRun(const RunStart& start, RunLoopState state, std::shared_ptr<const Dataset> data,
                    const EngineRegistry& engines, RunObserver& observer, RunCommands& commands,
                    std::stop_token stop = {});

/// Closed form of R_s at the end of a run as configured: exact expectation for random growth, exact for
/// explore-first while candidates last, a bound for the others (ITOP; see exploration in the README).
struct PredictedRs {
  double rs = 0;
  bool isBound = false;  ///< true: R_s cannot exceed it; false: the expectation
};
PredictedRs predictRs(const Config& config, const NetworkSpec& network, int64_t trainSamples);

}  // namespace lab
