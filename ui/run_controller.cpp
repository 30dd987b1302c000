#include "run_controller.h"

#include "low_priority.h"
#include "parameters/config_builder.h"
#include "training/observer_list.h"
#include "training/trainer.h"

#include <atomic>
#include <exception>
#include <utility>

namespace lab::ui {
namespace {

constexpr int kFrameMilliseconds = 33;
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
  Job(const Laboratory& where, const Config& what) : laboratory(where), config(what) {}

  const Laboratory& laboratory;
  const Config config;
  RunCommands commands;
  RunBridge bridge;
  // Written by the run's thread before `done`, read by the window's thread after it.
  RunResult result;
  std::filesystem::path directory;
  std::string warning;
  std::atomic<bool> done = false;
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
  Q_ASSERT(!busy());
  job_ = std::make_unique<Job>(laboratory_, config);
  if (begin == Begin::StepOneUpdate) job_->commands.send(StepOneUpdate{});
  job_->commands.send(TakeSnapshot{});
  snapshotAsked_ = true;
  newsSinceSnapshot_ = false;
  sinceSnapshot_.start();
  thread_ = std::jthread([job = job_.get()](std::stop_token stop) { work(*job, stop); });
  timer_.start();
  setState(State::Loading);
}

void RunController::work(Job& job, std::stop_token stop) {
  lowerThreadPriority();
  const auto train = [&] {
    const auto data = job.laboratory.loadData(job.config);
    if (!data) return failure(describe(data.problems()), ExitCode::Data);
    const RunRecordOptions record{.home = job.laboratory.home,
                                  .commandLine = toCommandLine(job.config),
                                  .programVersion = job.laboratory.programVersion};
    const auto writer = RunWriter::create(job.config, record);
    if (!writer) return failure(describe(writer.problems()), ExitCode::Disk);
    ObserverList observers;
    observers.add(*writer.value());
    observers.add(job.bridge);
    auto result = trainRun(job.config, data.value(), job.laboratory.engines, observers, job.commands, stop);
    if (writer.value()->begun()) job.directory = writer.value()->directory();
    job.warning = writer.value()->failure();
    return result;
  };
  try {
    job.result = train();
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
