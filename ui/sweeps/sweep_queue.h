#pragma once
// Sweeps that wait for their turn, one after another on all cores. Stopping one keeps its finished runs, and its
// unfinished ones go on from their checkpoints when it is started again.

#include "sweep_controller.h"
#include "sweeps/sweep_data.h"

#include <QObject>

#include <deque>
#include <optional>
#include <vector>

namespace lab::ui {

struct QueuedSweep {
  QString name;
  SweepData data;
};

class SweepQueue : public QObject {
  Q_OBJECT
 public:
  explicit SweepQueue(const Laboratory& laboratory, QObject* parent = nullptr);

  /// At the end; begins at once when nothing runs and the queue is not held.
  void add(QueuedSweep sweep);
  /// In place of all that wait, held until somebody lets them go on. Nothing may run.
  void restore(std::vector<QueuedSweep> sweeps);
  void move(size_t from, size_t to);  ///< of those that wait
  void remove(size_t waiting);
  /// Held: what runs is stopped and goes back to the head of the queue; nothing is started.
  void hold(bool held);
  bool held() const { return held_; }
  /// Ends what runs; the next one begins.
  void cancelRunning();

  const QueuedSweep* running() const { return running_ ? &*running_ : nullptr; }
  const std::deque<QueuedSweep>& waiting() const { return waiting_; }
  bool busy() const { return running_.has_value(); }
  SweepController& controller() { return controller_; }

 Q_SIGNALS:
  void changed();  ///< what runs or waits
  void resultsChanged(const lab::ui::SweepData& data);
  void progressed(const lab::SweepProgress& progress);
  void failed(const QString& sentence);
  void completed();  ///< what ran has come to its end without being stopped

 private:
  void startNext();
  void finished(const std::vector<lab::CellResult>& results, const std::string& error);

  SweepController controller_;
  std::deque<QueuedSweep> waiting_;
  std::optional<QueuedSweep> running_;
  bool held_ = false, goesBack_ = false;
};

}  // namespace lab::ui
