#pragma once
// Runs the cells of a figure on worker threads and tells the window about them, at most 30 times a second.

#include "experiments/sweep.h"
#include "run_controller.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <thread>
#include <vector>

namespace lab::ui {

class SweepController : public QObject {
  Q_OBJECT
 public:
  explicit SweepController(const Laboratory& laboratory, QObject* parent = nullptr);
  ~SweepController() override;  ///< stops the runs and waits for them

  bool busy() const { return job_ != nullptr; }
  bool stopping() const { return busy() && thread_.get_stop_token().stop_requested(); }

  /// Precondition: not busy.
  void start(std::vector<Cell> cells, const std::string& commandLine);
  void stop();
  void drain();

 Q_SIGNALS:
  void cellChanged(size_t cell, const lab::CellResult& result);
  void progressed(const lab::SweepProgress& progress);
  /// The last signal. `error` is empty unless the sweep itself broke.
  void finished(const std::vector<lab::CellResult>& results, const std::string& error);

 private:
  struct Job;

  const Laboratory& laboratory_;
  std::unique_ptr<Job> job_;
  std::jthread thread_;  // after job_: joined before the job goes
  QTimer timer_;
};

}  // namespace lab::ui
