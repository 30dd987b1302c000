#pragma once
// A run in a process of its own, seen through its record: what goes wrong there (a GPU that fails for the whole process,
// a crash) leaves the window alone, and the run goes on without it. Says what a RunController says.

#include "background.h"
#include "handover/detached_process.h"
#include "run_controller.h"
#include "runs/opened_run.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab::ui {

class ApartRun : public QObject {
  Q_OBJECT
 public:
  /// `laboratory` and `background` outlive it.
  ApartRun(const Laboratory& laboratory, Background& background, QObject* parent = nullptr);

  bool busy() const { return process_.has_value(); }
  const std::optional<DetachedProcess>& process() const { return process_; }
  bool stopping() const { return busy() && stopping_; }

  /// Precondition: not busy, and the configuration is valid. Problem: why the program cannot be started. What it
  /// finds itself comes as a failed result.
  Problems start(const Config& config);
  void stop();  ///< with a checkpoint; `finished` follows

 Q_SIGNALS:
  void stateChanged();
  void started(const lab::RunStart& start);
  void metricsArrived(const std::vector<lab::Metrics>& rows);
  void eventsArrived(const std::vector<lab::RunEvent>& events);
  void replayArrived(std::shared_ptr<lab::MaskReplay> replay);  ///< the whole history as far as it goes
  void finished(const lab::RunResult& result, const std::filesystem::path& directory, const std::string& warning);

 private:
  void look();
  void read(bool ended);
  void take(Result<OpenedRun> opened, bool ended);
  void handOn(OpenedRun& opened);
  void finish(RunResult result);
  std::string lastWords() const;

  const Laboratory& laboratory_;
  Background& background_;
  std::optional<DetachedProcess> process_;
  bool stopping_ = false, reading_ = false, startTold_ = false;
  std::filesystem::path log_, beginning_;  ///< what it says; where it writes its directory
  std::filesystem::path directory_;        ///< empty: it has not begun
  size_t rows_ = 0, events_ = 0;           ///< handed on
  QTimer timer_;
  QElapsedTimer sinceRead_;
  qint64 pause_ = 0;  ///< milliseconds before the record is read again
};

}  // namespace lab::ui
