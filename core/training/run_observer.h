#pragma once
// What a run tells the world, as values: no tensors, no live pointers. Called on the run's own thread.

#include "engines/engine.h"
#include "exit_codes.h"
#include "exploration/exploration_tracker.h"
#include "parameters/config.h"
#include "topology/topology_update.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

struct LayerInfo {
  std::string name;
  std::vector<int64_t> shape;
  int64_t weights = 0;
  int64_t active = 0;
  double targetDensity = 1;
};

struct RunStart {
  Config config;
  std::string hash;
  std::string engine;        ///< name of the engine chosen
  std::string engineWhy;     ///< and why
  std::string engineDetail;  ///< instruction set or device
  bool sparseArithmetic = false;
  std::vector<LayerInfo> layers;
  std::vector<Mask> initialMasks;
  int64_t plannedSteps = 0;
  int64_t stepsPerEpoch = 0;
  std::map<std::string, std::string> dataChecksums;
};

/// One row of metrics.csv. Accuracies and rates are fractions.
struct Metrics {
  int64_t step = 0;  ///< optimizer steps done
  double epoch = 0;
  int64_t plannedSteps = 0;                        ///< changes with the batch size
  std::optional<double> trainLoss, trainAccuracy;  ///< means over the steps since the row before
  std::optional<double> validationLoss, validationAccuracy, testLoss, testAccuracy;  ///< on rows that evaluate
  double rs = 0, rsExcludingDense = 0, reliable = 0;
  double density = 1;
  double initialEdgesKept = 1;  ///< share of the active weights that were active at the start
  double learningRate = 0, pruneRate = 0;
  int64_t updateInterval = 0, batchSize = 0;
  std::optional<double> gradientNorm;    ///< ‖∂L/∂w‖ over the active weights at the last step
  double trainFlops = 0;                 ///< cumulative, of the steps done
  double trainFlopsRelativeToDense = 0;  ///< the same over what the dense network would have taken
  double stepFlopsRelativeToDense = 1;       ///< of a plain step as the network is now
  double inferenceFlopsRelativeToDense = 1;  ///< of a forward pass as the network is now
  double trainSeconds = 0;               ///< training only
  double seconds = 0;                    ///< since the start
  LayerExploration exploration;          ///< totals, for the timeline
  std::vector<LayerExploration> layers;  ///< in the order of RunStart::layers
};

struct RunEvent {
  int64_t step = 0;
  double epoch = 0;
  std::string kind;  ///< "change", "pause", "resume", "stop", "warning"
  std::string key;   ///< parameter, for changes
  std::string from, to;
  std::string message;  ///< a sentence
};

/// The masks of one moment. Immutable and shared.
struct MaskSnapshot {
  int64_t update = 0, step = 0;
  std::vector<Mask> active;
  std::vector<Mask> explored;
  std::vector<LayerExploration> layers;
  std::vector<std::vector<int64_t>> aliveSince;  ///< step at which each active connection's life began, ascending
  std::vector<std::vector<uint8_t>> lives;       ///< number of lives of each active connection; 255: or more
  EngineState state;  ///< weights of the active connections (layers[l].weights), for tooltips and histograms
};

struct RunLoopState;

enum class RunStatus { Done, Stopped, Failed };

struct RunResult {
  RunStatus status = RunStatus::Done;
  std::string reason;  ///< one sentence when stopped or failed
  ExitCode exitCode = ExitCode::Ok;
  std::string engine;
  std::optional<double> testAccuracy;            ///< of the last weights (official semantics: of the best validation)
  std::optional<double> bestValidationAccuracy;  ///< for the record; never used for a choice
  std::optional<double> testAccuracyAtBestValidation, rsAtBestValidation;
  std::optional<double> finalTrainLoss;
  double rs = 0, rsExcludingDense = 0;
  std::map<int64_t, double> reliable;    ///< R_rel(k) over a grid of k
  std::map<int64_t, double> survived;    ///< R_surv(m)
  std::map<int64_t, LifeSums> lifeSums;  ///< over a grid of k
  int64_t activeSteps = 0;               ///< sum of all lives
  double initialEdgesKept = 1;
  GrowthCounts growth;
  std::vector<SurvivalPoint> survival;
  double density = 1;
  int64_t activeWeights = 0, maskableWeights = 0;
  int64_t steps = 0, topologyUpdates = 0;
  double trainSeconds = 0, seconds = 0;
  double trainFlops = 0, trainFlopsRelativeToDense = 0;
  double inferenceFlops = 0, inferenceFlopsRelativeToDense = 1;  ///< of one sample
  std::vector<LayerInfo> layerInfo;
  std::vector<LayerExploration> layers;
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void onStart(const RunStart&) {}
  virtual void onMetrics(const Metrics&) {}
  virtual void onTopology(const TopologyEvent&, const std::vector<LayerExploration>&) {}
  virtual void onEvent(const RunEvent&) {}
  virtual void onSnapshot(std::shared_ptr<const MaskSnapshot>) {}
  /// Every checkpoint_every seconds and at a pause or a stop. Only told to those who want it: it is a copy of all.
  virtual void onCheckpoint(const RunLoopState&) {}
  virtual bool wantsCheckpoints() const { return false; }
  /// Once, after the last step of a run that is not stopped.
  virtual void onWeights(const EngineState&) {}
  virtual bool wantsWeights() const { return false; }
  virtual void onEnd(const RunResult&) {}
};

}  // namespace lab
