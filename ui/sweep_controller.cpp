#include "sweep_controller.h"

#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace lab::ui {

struct SweepController::Job {
  std::vector<Cell> cells;
  SweepOptions options;
  std::mutex mutex;
  std::map<size_t, CellResult> changed;  ///< the latest of each cell that the window has not seen
  std::optional<SweepProgress> progress;
  // Written by the sweep's thread before `done`, read by the window's thread after it.
  std::vector<CellResult> results;
  std::string error;
  std::atomic<bool> done = false;

  void work(const EngineRegistry& engines, std::stop_token stop);
};

void SweepController::Job::work(const EngineRegistry& engines, std::stop_token stop) {
  options.stop = std::move(stop);
  options.onCell = [this](size_t cell, const CellResult& result) {
    const std::lock_guard lock(mutex);
    changed.insert_or_assign(cell, result);
  };
  options.onProgress = [this](const SweepProgress& latest) {
    const std::lock_guard lock(mutex);
    progress = latest;
  };
  try {
    results = runSweep(cells, engines, options);
  } catch (const std::exception& exception) {
    error = exception.what();
  }
  done = true;
}

SweepController::SweepController(const Laboratory& laboratory, QObject* parent)
    : QObject(parent), laboratory_(laboratory) {
  timer_.setInterval(33);
  connect(&timer_, &QTimer::timeout, this, &SweepController::drain);
}

SweepController::~SweepController() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void SweepController::start(std::vector<Cell> cells, const std::string& commandLine) {
  Q_ASSERT(!busy());
  job_ = std::make_unique<Job>();
  job_->cells = std::move(cells);
  job_->options.home = laboratory_.home;
  job_->options.background = true;
  job_->options.data = laboratory_.loadData;
  job_->options.commandLine = commandLine;
  job_->options.programVersion = laboratory_.programVersion;
  thread_ = std::jthread([job = job_.get(), &engines = laboratory_.engines](std::stop_token stop) {
    job->work(engines, std::move(stop));
  });
  timer_.start();
}

void SweepController::stop() { thread_.request_stop(); }

void SweepController::drain() {
  if (!job_) return;
  const bool done = job_->done;  // before taking: nothing arrives after it
  std::map<size_t, CellResult> changed;
  std::optional<SweepProgress> progress;
  {
    const std::lock_guard lock(job_->mutex);
    changed.swap(job_->changed);
    progress.swap(job_->progress);
  }
  for (const auto& [cell, result] : changed) Q_EMIT cellChanged(cell, result);
  if (progress) Q_EMIT progressed(*progress);
  if (!done) return;
  timer_.stop();
  thread_.join();  // it has nothing left to do
  const auto job = std::move(job_);
  Q_EMIT finished(job->results, job->error);
}

}  // namespace lab::ui
