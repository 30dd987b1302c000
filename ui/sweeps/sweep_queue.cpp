#include "sweeps/sweep_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lab::ui {

SweepQueue::SweepQueue(const Laboratory& laboratory, QObject* parent) : QObject(parent), controller_(laboratory) {
  connect(&controller_, &SweepController::cellChanged, this, [this](size_t cell, const lab::CellResult& result) {
    running_->data.results[cell] = result;
    if (result.state == lab::CellState::Failed) Q_EMIT failed(QString::fromStdString(result.result.reason));
    Q_EMIT resultsChanged(running_->data);
  });
  connect(&controller_, &SweepController::progressed, this, &SweepQueue::progressed);
  connect(&controller_, &SweepController::finished, this, &SweepQueue::finished);
}

void SweepQueue::add(QueuedSweep sweep) {
  waiting_.push_back(std::move(sweep));
  startNext();
  Q_EMIT changed();
}

void SweepQueue::restore(std::vector<QueuedSweep> sweeps) {
  waiting_.assign(std::make_move_iterator(sweeps.begin()), std::make_move_iterator(sweeps.end()));
  held_ = !waiting_.empty();
  Q_EMIT changed();
}

void SweepQueue::move(size_t from, size_t to) {
  if (from >= waiting_.size() || to >= waiting_.size()) return;
  QueuedSweep sweep = std::move(waiting_[from]);
  waiting_.erase(waiting_.begin() + static_cast<int64_t>(from));
  waiting_.insert(waiting_.begin() + static_cast<int64_t>(to), std::move(sweep));
  Q_EMIT changed();
}

void SweepQueue::remove(size_t waiting) {
  if (waiting >= waiting_.size()) return;
  waiting_.erase(waiting_.begin() + static_cast<int64_t>(waiting));
  Q_EMIT changed();
}

void SweepQueue::hold(bool held) {
  if (held == held_) return;
  held_ = held;
  if (held && running_ && !controller_.stopping()) {
    goesBack_ = true;
    controller_.stop();
  }
  startNext();
  Q_EMIT changed();
}

void SweepQueue::cancelRunning() {
  if (!running_) return;
  goesBack_ = false;
  controller_.stop();
  Q_EMIT changed();
}

void SweepQueue::startNext() {
  if (held_ || running_ || waiting_.empty()) return;
  running_ = std::move(waiting_.front());
  waiting_.pop_front();
  running_->data.results.assign(running_->data.cells.size(), {});
  controller_.start(running_->data.cells, "sweep in the window: " + running_->name.toStdString());
  Q_EMIT resultsChanged(running_->data);
}

void SweepQueue::finished(const std::vector<lab::CellResult>& results, const std::string& error) {
  QueuedSweep done = std::move(*running_);
  running_.reset();
  if (!error.empty()) Q_EMIT failed(QString::fromStdString(error));
  if (error.empty()) {
    done.data.results = results;
    Q_EMIT resultsChanged(done.data);
  }
  const bool stopped = std::ranges::any_of(
      results, [](lab::CellState state) { return state == lab::CellState::Stopped || state == lab::CellState::Waiting; },
      &lab::CellResult::state);
  if (error.empty() && !stopped) Q_EMIT completed();
  if (std::exchange(goesBack_, false)) waiting_.push_front(std::move(done));
  startNext();
  Q_EMIT changed();
}

}  // namespace lab::ui
