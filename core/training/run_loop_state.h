#pragma once
// What a run under way has come to, as plain data: put back into a new RunLoop it goes on as if nothing had
// happened. Randomness is keyed by seed, epoch and update and has no state.

#include "engines/engine.h"
#include "exploration/tracker_state.h"
#include "parameters/config.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace lab {

/// Active weights of each layer at the start of the run, and those that gradual pruning is to leave.
struct LayerCounts {
  std::vector<int64_t> start, end;
};

/// Taken between two spans, with none in flight.
struct RunLoopState {
  Config config;             ///< as changed under way; batch_size: that of the present epoch
  int64_t pendingBatch = 0;  ///< batch size from the next epoch on
  LayerCounts counts;
  int64_t round = 0;         ///< whole rounds of iterative pruning done
  int64_t epoch = 0;         ///< whole epochs of this round done
  int64_t seen = 0;          ///< training samples of the present epoch
  int64_t step = 0;          ///< optimizer steps
  int64_t update = 0;        ///< topology updates
  int64_t lastUpdateStep = 0;
  int64_t lastReportStep = 0;
  int64_t evaluations = 0;
  Sums sinceRow;  ///< training sums since the last row
  std::optional<double> gradientNorm;  ///< of the last measured step, until a row has it
  std::optional<double> lastTrainLoss, testAccuracy, bestValidationAccuracy, testAccuracyAtBestValidation,
      rsAtBestValidation;
  double flopsSpent = 0, flopsDense = 0;
  double trainSeconds = 0, seconds = 0;
  TrackerState tracker;
  EngineState engine;
  EngineState rewind;  ///< where the next rounds start from; empty before it is known, and where there are none
};

/// Whether every weight, bias and optimizer value is a finite number: only such a state is worth coming back to.
bool isFinite(const EngineState& state);

}  // namespace lab
