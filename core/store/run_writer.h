#pragma once
// Records one run as a directory (see README, "A run is a directory"). One writer: the directory is created
// exclusively and locked (flock) while it is written.

#include "result.h"
#include "store/paths.h"
#include "training/run_observer.h"

#include <filesystem>
#include <memory>
#include <string>

namespace lab {

struct RunRecordOptions {
  std::filesystem::path home = labHome();
  std::string commandLine;  ///< for the manifest
  std::string programVersion;
};

class RunWriter : public RunObserver {
 public:
  /// Creates the directory with config.toml and state.json. Problem: it cannot be created or written, with the
  /// path and the system's reason.
  static Result<std::unique_ptr<RunWriter>> create(const Config& config, const RunRecordOptions& options);

  /// A run that never began (no onStart) leaves no directory.
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
  void onEnd(const RunResult&) override;

 private:
  struct Impl;
  explicit RunWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lab
