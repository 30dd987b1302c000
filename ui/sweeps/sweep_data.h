#pragma once
// A sweep as its page shows it: axes, cells, and what came out so far.

#include "experiments/sweep.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <vector>

namespace lab::ui {

struct SweepData {
  std::vector<lab::Axis> axes;
  std::vector<lab::Cell> cells;
  std::vector<lab::CellResult> results;  ///< [cell]
  int seeds = 1;
  lab::Config base = {};  ///< beneath the axes
};

/// Fills in the cells: all combinations of the axes over the base. Problems: as of lab::makeGrid.
lab::Result<SweepData> planSweep(SweepData sweep);

QString sweepName(const SweepData& sweep);  ///< "4 × Update interval ΔT, 2 seeds"

/// Command line of the base, axes and seeds, a line each, to be planned again by readSweepText. None: not such a
/// text, or nothing that could run.
QString sweepText(const SweepData& sweep);
std::optional<SweepData> readSweepText(const QString& text);

/// As lab::parseAxis reads it; values may hold commas.
std::string axisText(const lab::Axis& axis);

/// "Update interval ΔT" for update_interval.
QString axisTitle(const lab::Axis& axis);

/// What each run came to, beside its axes, for plots and tables; fractions.
struct Outcome {
  const char* name;
  std::optional<double> (*of)(const lab::CellResult& result, const lab::Config& config);
};
const std::vector<Outcome>& outcomes();  ///< R_s, R_rel, test accuracy

}  // namespace lab::ui
