#pragma once
// One run from its first step to its last. Internal to the training room: use trainRun().

#include "engines/engine.h"
#include "exploration/exploration_tracker.h"
#include "training/run_commands.h"
#include "training/run_loop_state.h"
#include "training/run_observer.h"
#include "training/run_record.h"
#include "training/timeline.h"
#include "training/update_policy.h"

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

namespace lab {

class RunLoop {
 public:
  RunLoop(const Config& config, std::shared_ptr<const Dataset> data, const NetworkSpec& network, Engine& engine,
          EngineState initial, LayerCounts counts, RunObserver& observer, RunCommands& commands);

  /// Goes on where `state` was taken.
  RunLoop(RunLoopState state, std::shared_ptr<const Dataset> data, const NetworkSpec& network, Engine& engine,
          RunObserver& observer, RunCommands& commands);

  /// Trains to the end or a Stop command. Throws RunError when the loss is no longer finite.
  RunStatus run();

  /// Steps of the whole run at the present batch size.
  int64_t plannedSteps() const;

  /// Everything known at this moment, whether the run ended well or not.
  void fill(RunResult& result) const;

 private:
  enum class Mode { Running, Paused, UntilUpdate };
  using Clock = std::chrono::steady_clock;

  /// What is to be known of a span when its results come.
  struct SpanInFlight {
    int64_t step = 0;  ///< steps done after it
    int64_t samples = 0, denseGradientSamples = 0;
  };

  void runRound();
  void pruneRound();
  void beginEpoch();
  void runEpoch();
  Span nextSpan();
  bool spanEnds(const Span& span) const;
  int64_t denseGradientSamples(const Span& span) const;
  void carryOut(Span span);
  void collectOne();
  void collectAll();
  void reportIfDue();
  void report(bool evaluate);
  void evaluateInto(Metrics& row);

  void obeyCommands();
  void obey(const Pause&);
  void obey(const Resume&);
  void obey(const StepOneUpdate&);
  void obey(const Stop&);
  void obey(const TakeSnapshot&);
  void obey(const SetParameter& change);
  void pauseUntilResumed();
  void snapshot();
  RunLoopState state();
  bool checkpointDue() const;
  void checkpoint();
  void tell(std::string kind, std::string message);

  bool stopped() const { return stopRequested_; }
  int64_t epochSteps() const { return time_.stepsPerEpoch(); }
  double epochInRound() const;
  double epochNow() const { return static_cast<double>(round_ * time_.epochs) + epochInRound(); }
  double progress() const { return time_.progress(epoch_, seen_); }
  bool evaluationDue() const;
  bool reportDue() const;
  double lossFactor() const;

  Config config_;
  std::shared_ptr<const Dataset> data_;
  Engine& engine_;
  RunObserver& observer_;
  RunCommands& commands_;
  std::vector<WeightLayer> layers_;
  LayerCounts counts_;
  UpdatePolicy policy_;
  ExplorationTracker tracker_;
  FlopsMeter flops_;
  RunRecord record_;
  Timeline time_;

  std::vector<int32_t> order_;  ///< of the training samples in this epoch
  std::deque<SpanInFlight> inFlight_;
  int64_t rounds_ = 1, round_ = 0;  ///< more than one: train, prune, rewind, train again
  EngineState rewind_;              ///< what later rounds start from
  int64_t epoch_ = 0;               ///< whole epochs of this round done
  int64_t seen_ = 0;              ///< samples of the present epoch handed to the engine
  int64_t step_ = 0;              ///< steps handed to the engine
  int64_t lastUpdateStep_ = 0, lastReportStep_ = 0, update_ = 0;
  int64_t pendingBatch_;  ///< batch size from the next epoch on
  int64_t evaluations_ = 0;
  double secondsPerStep_ = 1;  // until measured: the first span is one step
  Mode mode_ = Mode::Running;
  bool stopRequested_ = false, snapshotWanted_ = false, checkpointWanted_ = false;
  bool resumed_ = false;  ///< until the epoch in which the run was resumed has gone on
  Clock::time_point lastCheckpoint_ = Clock::now();
  double checkpointSeconds_ = 0;  ///< what the last one took
};

}  // namespace lab
