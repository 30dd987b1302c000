#include "cells.h"

#include "command_text.h"
#include "interrupts.h"
#include "load_data.h"

#include "engines.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace lab::cli {

namespace {

std::string progressText(const SweepProgress& p) {
  std::string text = fmt::format("{} of {} runs", p.finished, p.total);
  if (p.reused > 0) text += fmt::format(" ({} reused)", p.reused);
  if (p.failed > 0) text += fmt::format(", {} failed", p.failed);
  return text + fmt::format("  {:.0f} steps/s  ETA {}", p.stepsPerSecond, durationText(p.etaSeconds));
}

int firstFailure(const std::vector<CellResult>& results) {
  std::map<std::string, std::pair<ExitCode, int>> reasons;
  int code = 0;
  for (const CellResult& cell : results) {
    if (cell.state != CellState::Failed) continue;
    if (code == 0) code = static_cast<int>(cell.result.exitCode);
    ++reasons.try_emplace(cell.result.reason, cell.result.exitCode, 0).first->second.second;
  }
  for (const auto& [reason, seen] : reasons)
    complain(
        fmt::format("{} failed: {}", seen.second == 1 ? "a run" : fmt::format("{} runs", seen.second), reason));
  return code;
}

}  // namespace

CellsOutcome runCells(const std::vector<Cell>& cells, const std::filesystem::path& home, int jobs,
                      Loudness loudness, const std::string& what) {
  if (loudness != Loudness::Quiet) say(fmt::format("{}: {} runs", what, cells.size()));
  ProgressLine line(loudness != Loudness::Quiet);
  Interrupts interrupts;
  CellsOutcome outcome;
  SweepOptions options;
  options.home = home;
  options.jobs = jobs;
  options.commandLine = commandLineText();
  options.programVersion = LAB_VERSION;
  options.stop = interrupts.token();
  options.data = [loudness](const Config& config) { return loadData(config, loudness); };
  options.onProgress = [&](const SweepProgress& p) {
    outcome.reused = p.reused;
    outcome.seconds = p.elapsedSeconds;
    if (line.due()) line.update(p.stepsTotal > 0 ? p.stepsDone / p.stepsTotal : 1, progressText(p));
  };
  outcome.results = runSweep(cells, makeEngines(), options);
  line.clear();
  outcome.exitCode = firstFailure(outcome.results);
  outcome.interrupted = interrupts.requested();
  if (outcome.interrupted) outcome.exitCode = interrupts.exitCode();
  return outcome;
}

}  // namespace lab::cli
