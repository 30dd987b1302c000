#pragma once
// Runs one training at a time on a thread of its own and tells the window about it through signals, at most 30
// times a second. Its slots return at once.

#include "data/dataset.h"
#include "desktop/desktop_news.h"
#include "engines/engine.h"
#include "handover/command_line_program.h"
#include "result.h"
#include "run_bridge.h"
#include "store/mask_replay.h"
#include "store/run_writer.h"
#include "training/run_commands.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace lab::ui {

/// What the programs and the tests put into the window.
struct Laboratory {
  EngineRegistry engines;
  std::filesystem::path home;
  std::string programVersion;
  std::filesystem::path settingsFile;  ///< of the window's state; empty: the user's own
  std::function<Result<std::shared_ptr<const Dataset>>(const Config&)> loadData = loadDataset;
  CommandLineProgram commandLineProgram = {};
  DesktopOptions desktop = {};
};

/// What a run that goes on had come to when it was cut off.
struct EarlierRun {
  Config config;  ///< as it was changed under way
  std::vector<Metrics> metrics;
  std::vector<RunEvent> events;
  std::shared_ptr<MaskReplay> replay;  ///< null: without a recorded mask history
  std::vector<std::string> warnings;   ///< checkpoints that could not be used, a sentence each
};

class RunController : public QObject {
  Q_OBJECT
 public:
  enum class State { Idle, Loading, Running, Paused, Stopping };
  Q_ENUM(State)
  enum class Begin { Running, StepOneUpdate };

  explicit RunController(const Laboratory& laboratory, QObject* parent = nullptr);
  ~RunController() override;  ///< stops the run and waits for its thread

  State state() const { return state_; }
  bool busy() const { return state_ != State::Idle; }

  /// Precondition: not busy, and the configuration is valid.
  void start(const Config& config, Begin begin = Begin::Running);
  /// Goes on with a recorded run from its newest sound checkpoint, in its directory. Precondition: not busy. What
  /// is against it comes as a failed result.
  void goOn(const std::filesystem::path& directory);
  void pause();
  void resume();
  void stepOneUpdate();
  void stop();
  /// Only rows whose change takes effect in a run under way.
  void setParameter(const std::string& key, const std::string& value);

  /// Hands on what has arrived. The timer calls it; tests may too.
  void drain();

 Q_SIGNALS:
  void stateChanged(lab::ui::RunController::State state);
  void started(const lab::RunStart& start);
  void wentOn(const lab::ui::EarlierRun& earlier);  ///< after `started`, of a run that goes on
  void metricsArrived(const std::vector<lab::Metrics>& rows);
  void eventsArrived(const std::vector<lab::RunEvent>& events);
  void updatesArrived(const std::vector<lab::TopologyEvent>& updates);
  void snapshotArrived(std::shared_ptr<const lab::MaskSnapshot> snapshot);
  /// The last signal of a run. `directory` is empty when nothing was recorded; `warning` says when recording
  /// failed.
  void finished(const lab::RunResult& result, const std::filesystem::path& directory, const std::string& warning);

 private:
  /// Everything that the run's thread touches; outlives it.
  struct Job;

  static void work(Job& job, std::stop_token stop);
  void launch(std::unique_ptr<Job> job);
  void setState(State state);
  void deliver(RunBridge::News news);
  void askForSnapshot(bool news);
  void finish();

  const Laboratory& laboratory_;
  State state_ = State::Idle;
  std::unique_ptr<Job> job_;
  std::jthread thread_;  // after job_: joined before the job goes
  QTimer timer_;
  QElapsedTimer sinceSnapshot_;
  bool snapshotAsked_ = false;
  bool newsSinceSnapshot_ = false;
};

}  // namespace lab::ui
