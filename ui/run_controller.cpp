#include "run_controller.h"

#include "frame.h"
#include "low_priority.h"
#include "parameters/config_builder.h"
#include "run_error.h"
#include "store/run_reader.h"
#include "training/observer_list.h"
#include "training/trainer.h"

#include <atomic>
#include <exception>
#include <utility>

namespace lab::ui {
namespace {

// A snapshot copies masks and weights, so that many a second cost training well under one percent.
constexpr int kSnapshotMilliseconds = 200;

RunResult failure(std::string reason, ExitCode code) {
  RunResult result;
  result.status = RunStatus::Failed;
  result.reason = std::move(reason);
  result.exitCode = code;
  return result;
}

}  // namespace

struct RunController::Job {
  explicit Job(const Laboratory& where) : laboratory(where) {}

  RunResult train(std::stop_token stop) { return from.empty() ? trainNew(stop) : trainOn(stop); }

  const Laboratory& laboratory;
  Config config;
  std::filesystem::path from;  ///< the run to go on with; empty: a new one
  RunCommands commands;
  RunBridge bridge;
  EarlierRun earlier;  ///< written before the bridge has a start
  // Written by the run's thread before `done`, read by the window's thread after it.
  RunResult result;
  std::filesystem::path directory;
  std::string warning;
  std::atomic<bool> done = false;

 private:
  RunRecordOptions recordOptions() const {
    return {.home = laboratory.home,
            .commandLine = toCommandLine(config),
            .programVersion = laboratory.programVersion};
  }

  /// Calls `train` with the observers of a run that `writer` records.
  template <class Train>
  RunResult recorded(RunWriter& writer, Train train) {
    ObserverList observers;
    observers.add(writer);
    observers.add(bridge);
    auto end = train(observers);
    if (writer.begun()) directory = writer.directory();
    warning = writer.failure();
    return end;
  }

  RunResult trainNew(std::stop_token stop) {
    const auto data = laboratory.loadData(config);
    if (!data) return failure(describe(data.problems()), ExitCode::Data);
    const auto writer = RunWriter::create(config, recordOptions());
    if (!writer) return failure(describe(writer.problems()), ExitCode::Disk);
    return recorded(*writer.value(), [&](RunObserver& observers) {
      return trainRun(config, data.value(), laboratory.engines, observers, commands, stop);
    });
  }

  RunResult trainOn(std::stop_token stop) {
    const auto stored = readRun(from);
    if (!stored) return failure(describe(stored.problems()), ExitCode::Data);
    config = stored.value().config;
    const auto data = laboratory.loadData(config);
    if (!data) return failure(describe(data.problems()), ExitCode::Data);
    auto found = RunWriter::resume(from, recordOptions());
    if (!found) return failure(describe(found.problems()), ExitCode::Usage);
    auto resumed = found.take();
    earlier.config = resumed.config;
    earlier.warnings = resumed.warnings;
    if (resumed.from) readEarlier(*resumed.from, *resumed.writer);
    return recorded(*resumed.writer, [&](RunObserver& observers) {
      if (!resumed.from) return trainRun(config, data.value(), laboratory.engines, observers, commands, stop);
      return resumeRun(resumed.from->start, std::move(resumed.from->state), data.value(), laboratory.engines,
                       observers, commands, stop);
    });
  }

  /// The tables have been cut back to the checkpoint by now.
  void readEarlier(const ResumePoint& point, const RunWriter& writer) {
    earlier.config = point.state.config;
    if (auto rows = readMetrics(from)) earlier.metrics = rows.take();
    if (auto rows = readEvents(from)) earlier.events = rows.take();
    if (auto replay = writer.replay(earlier.config.reliable_steps))
      earlier.replay = std::make_shared<MaskReplay>(replay.take());
  }
};

RunController::RunController(const Laboratory& laboratory, QObject* parent)
    : QObject(parent), laboratory_(laboratory) {
  timer_.setInterval(kFrameMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &RunController::drain);
}

RunController::~RunController() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void RunController::start(const Config& config, Begin begin) {
  auto job = std::make_unique<Job>(laboratory_);
  job->config = config;
  if (begin == Begin::StepOneUpdate) job->commands.send(StepOneUpdate{});
  launch(std::move(job));
}

void RunController::goOn(const std::filesystem::path& directory) {
  auto job = std::make_unique<Job>(laboratory_);
  job->from = directory;
  launch(std::move(job));
}

void RunController::launch(std::unique_ptr<Job> job) {
  Q_ASSERT(!busy());
  job_ = std::move(job);
  job_->commands.send(TakeSnapshot{});
  snapshotAsked_ = true;
  newsSinceSnapshot_ = false;
  sinceSnapshot_.start();
  thread_ = std::jthread([running = job_.get()](std::stop_token stop) { work(*running, stop); });
  timer_.start();
  setState(State::Loading);
}

void RunController::work(Job& job, std::stop_token stop) {
  lowerThreadPriority();
  try {
    job.result = job.train(stop);
  } catch (const RunError& error) {
    job.result = failure(error.what(), error.code());
  } catch (const std::exception& error) {
    job.result = failure(error.what(), ExitCode::Internal);
  }
  job.done = true;
}

void RunController::pause() { job_->commands.send(Pause{}); }

void RunController::resume() { job_->commands.send(Resume{}); }

void RunController::stepOneUpdate() { job_->commands.send(StepOneUpdate{}); }

void RunController::stop() {
  if (!busy()) return;
  thread_.request_stop();
  job_->commands.send(Stop{});
  setState(State::Stopping);
}

void RunController::setParameter(const std::string& key, const std::string& value) {
  if (busy()) job_->commands.send(SetParameter{key, value});
}

void RunController::drain() {
  if (!job_) return;
  const bool done = job_->done;  // before taking: nothing arrives after it
  deliver(job_->bridge.take());
  if (done) finish();
}

void RunController::deliver(RunBridge::News news) {
  if (news.start) {
    if (state_ == State::Loading) setState(State::Running);
    Q_EMIT started(*news.start);
    if (!job_->from.empty()) Q_EMIT wentOn(job_->earlier);
  }
  const bool changed = !news.updates.empty() || !news.metrics.empty();
  if (!news.updates.empty()) Q_EMIT updatesArrived(news.updates);
  if (!news.metrics.empty()) Q_EMIT metricsArrived(news.metrics);
  for (const auto& event : news.events) {
    if (state_ == State::Stopping) break;
    if (event.kind == "pause") setState(State::Paused);
    if (event.kind == "resume") setState(State::Running);
  }
  if (!news.events.empty()) Q_EMIT eventsArrived(news.events);
  if (news.snapshot) {
    snapshotAsked_ = false;
    Q_EMIT snapshotArrived(std::move(news.snapshot));
  }
  askForSnapshot(changed);
}

void RunController::askForSnapshot(bool news) {
  newsSinceSnapshot_ = newsSinceSnapshot_ || news;
  if (snapshotAsked_ || !newsSinceSnapshot_ || sinceSnapshot_.elapsed() < kSnapshotMilliseconds) return;
  job_->commands.send(TakeSnapshot{});
  snapshotAsked_ = true;
  newsSinceSnapshot_ = false;
  sinceSnapshot_.restart();
}

void RunController::finish() {
  timer_.stop();
  thread_.join();  // it has nothing left to do
  const auto job = std::move(job_);
  setState(State::Idle);
  Q_EMIT finished(job->result, job->directory, job->warning);
}

void RunController::setState(State state) {
  if (state == state_) return;
  state_ = state;
  Q_EMIT stateChanged(state);
}

}  // namespace lab::ui
