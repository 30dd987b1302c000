#include "handover/apart_run.h"

#include "parameters/config_builder.h"
#include "store/files.h"

#include <QCoreApplication>
#include <QDateTime>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

constexpr int kLookMilliseconds = 300;
/// A record is read whole: as often as costs a tenth of the time, but not all the time.
constexpr qint64 kPauses = 10, kLeastPause = 1000;

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

RunResult failed(std::string reason) {
  RunResult result;
  result.status = RunStatus::Failed;
  result.reason = std::move(reason);
  result.exitCode = ExitCode::Internal;
  return result;
}

}  // namespace

ApartRun::ApartRun(const Laboratory& laboratory, Background& background, QObject* parent)
    : QObject(parent), laboratory_(laboratory), background_(background) {
  timer_.setInterval(kLookMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &ApartRun::look);
}

Problems ApartRun::start(const Config& config) {
  Q_ASSERT(!busy());
  const auto program = laboratory_.commandLineProgram.find();
  if (!program) return program.problems();
  const auto folder = laboratory_.home / "processes";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return {{folder.string(), error.message()}};
  const auto name = fmt::format("{}-{}", QDateTime::currentMSecsSinceEpoch(), QCoreApplication::applicationPid());
  log_ = folder / (name + ".log");
  beginning_ = folder / (name + ".begun");
  Arguments words{"run"};
  for (auto& word : toArguments(config)) words.push_back(std::move(word));
  for (const auto& word : {std::string("--quiet"), std::string("--home"), laboratory_.home.string(),
                           std::string("--begun"), beginning_.string()})
    words.push_back(word);
  auto process = laboratory_.commandLineProgram.startAlone(program.value(), words, log_);
  if (!process) return process.problems();
  process_ = process.take();
  stopping_ = startTold_ = false;
  directory_.clear();
  rows_ = events_ = 0;
  pause_ = 0;
  timer_.start();
  Q_EMIT stateChanged();
  return {};
}

void ApartRun::stop() {
  if (!busy() || stopping_) return;
  stopping_ = true;
  process_->terminate();
  Q_EMIT stateChanged();
}

void ApartRun::look() {
  if (!busy() || reading_) return;
  const bool ended = !process_->alive();  // before reading: nothing is written after it
  if (directory_.empty())
    if (auto text = readWhole(beginning_)) directory_ = trimmed(text.take());
  if (directory_.empty()) {
    if (ended) finish(failed(lastWords()));
  } else if (ended || pause_ == 0 || sinceRead_.elapsed() >= pause_) {
    read(ended);
  }
}

void ApartRun::read(bool ended) {
  reading_ = true;
  sinceRead_.start();
  background_.run(
      "apart run", [directory = directory_] { return openRun(directory); },
      [this, ended](Result<OpenedRun> opened) { take(std::move(opened), ended); });
}

void ApartRun::take(Result<OpenedRun> opened, bool ended) {
  reading_ = false;
  pause_ = std::max(kLeastPause, kPauses * sinceRead_.elapsed());
  sinceRead_.start();
  if (opened) handOn(opened.value());
  if (!ended) return;  // a record that is being written may look damaged for a moment
  if (!opened) return finish(failed(describe(opened.problems())));
  const StoredRun& run = opened.value().run;
  if (run.status == StoredStatus::Running || run.status == StoredStatus::Crashed)
    return finish(failed(tr("the process of the run has ended without its end (%1)")
                             .arg(QString::fromStdString(lastWords()))
                             .toStdString()));
  RunResult result = run.result;
  if (result.reason.empty()) result.reason = run.reason;
  finish(std::move(result));
}

void ApartRun::handOn(OpenedRun& opened) {
  if (!std::exchange(startTold_, true)) Q_EMIT started(opened.start);
  const auto beyond = [](const auto& all, size_t& known) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(std::min(known, all.size()));
    known = all.size();
    return std::vector(first, all.end());
  };
  if (opened.replay) Q_EMIT replayArrived(opened.replay);
  if (const auto rows = beyond(opened.metrics, rows_); !rows.empty()) Q_EMIT metricsArrived(rows);
  if (const auto events = beyond(opened.events, events_); !events.empty()) Q_EMIT eventsArrived(events);
}

void ApartRun::finish(RunResult result) {
  timer_.stop();
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove(beginning_, ignored);
  if (result.status != RunStatus::Failed) std::filesystem::remove(log_, ignored);
  Q_EMIT stateChanged();
  Q_EMIT finished(result, directory_, {});
}

/// The end of what it has said.
std::string ApartRun::lastWords() const {
  auto said = readWhole(log_);
  std::string text = said ? trimmed(said.take()) : std::string();
  const auto line = text.rfind('\n');
  if (line != std::string::npos) text = text.substr(line + 1);
  return text.empty() ? tr("it said nothing").toStdString() : text;
}

}  // namespace lab::ui
