#pragma once
// Records one run as a directory (see README, "A run is a directory"). One writer: the directory is created
// exclusively and locked (flock) while it is written.

#include "result.h"
#include "store/mask_replay.h"
#include "store/paths.h"
#include "training/run_loop_state.h"
#include "training/run_observer.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab {

struct RunRecordOptions {
  std::filesystem::path home = labHome();
  std::string commandLine;  ///< for the manifest
  std::string programVersion;
};

/// Where a run goes on: what resumeRun() takes.
struct ResumePoint {
  RunStart start;
  RunLoopState state;
};

class RunWriter : public RunObserver {
 public:
  /// Creates the directory with config.toml and state.json. Problem: it cannot be created or written, with the
  /// path and the system's reason.
  static Result<std::unique_ptr<RunWriter>> create(const Config& config, const RunRecordOptions& options);

  struct Resumed {
    std::unique_ptr<RunWriter> writer;
    Config config;                      ///< of the start
    std::optional<ResumePoint> from;    ///< none: it never got as far as a checkpoint and begins anew: trainRun()
    std::vector<std::string> warnings;  ///< newer checkpoints that are damaged, a sentence each
  };

  /// Goes on recording a run that was stopped or cut off, from its newest sound checkpoint: what its files have
  /// beyond that is cut off. Problem: not a run, or one that is done or has diverged. Throws RunError: Locked when
  /// it is under way, Data when nothing sound is left of its checkpoints, Disk.
  static Result<Resumed> resume(const std::filesystem::path& directory, const RunRecordOptions& options);

  /// The masks as recorded so far. `reliableSteps`: see MaskReplay. Precondition: begun().
  Result<MaskReplay> replay(int64_t reliableSteps) const;

  /// A run that never began (no onStart) leaves no directory, unless it was there before.
  ~RunWriter() override;

  bool begun() const;

  const std::filesystem::path& directory() const;

  /// The first failed write (disk full, ...) with path and reason, empty while all is well. Recording stops there
  /// and the rows so far stay.
  std::string failure() const;

  /// All of them throw RunError (Disk) at the first failed write, which ends the run; later ones do nothing.
  void onStart(const RunStart&) override;
  void onMetrics(const Metrics&) override;
  void onTopology(const TopologyEvent&, const std::vector<LayerExploration>&) override;
  void onEvent(const RunEvent&) override;
  void onCheckpoint(const RunLoopState&) override;
  bool wantsCheckpoints() const override;
  void onWeights(const EngineState&) override;
  bool wantsWeights() const override;
  void onEnd(const RunResult&) override;

 private:
  struct Impl;
  explicit RunWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lab
