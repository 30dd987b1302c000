#pragma once
// Runs side by side: which of them are one experiment with several seeds, what they differ in, and means over
// seeds.

#include "parameters/parameter_table.h"
#include "result.h"
#include "store/run_reader.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace lab::ui {

struct ComparedRun {
  StoredRun run;
  std::vector<Metrics> metrics;
  std::vector<RunEvent> changes;  ///< of parameters while it trained: with any, it is an experiment of its own
};

/// Slow (reads files). Problems: what is missing or damaged.
Result<std::shared_ptr<const ComparedRun>> readComparedRun(const StoredRun& run);

using ComparedRuns = std::vector<std::shared_ptr<const ComparedRun>>;

/// Drawn as one curve: a run, or runs that differ in their seed only.
struct Series {
  QString name;  ///< what tells it from the others: "ΔT 100 · seed 2"
  ComparedRuns runs;
};

/// The parameters whose values, where they have an effect, are not the same in all runs.
std::vector<const Parameter*> differingParameters(const ComparedRuns& runs);

/// In the order of the runs.
std::vector<Series> seriesOf(const ComparedRuns& runs, bool joinSeeds);

/// The value of a parameter in all runs of a series; a dash where it has no effect; "1, 2, 3" of several.
QString parameterText(const Series& series, const Parameter& parameter);

/// Whether it has nothing to explore (dense): against R_s it is a level, no trajectory.
bool isLevel(const Series& series);

/// A value of a row of metrics; nothing where it was not measured.
using MetricValue = std::optional<double> (*)(const Metrics&);

struct BandPoint {
  int64_t step = 0;
  double mean = 0, deviation = 0;  ///< of the sample (n - 1); 0 of a single run
  double rs = 0;                   ///< mean R_s of the same rows
  double time = 0;                 ///< share of the planned steps
};

/// Mean and standard deviation over the runs of a series, at the steps that all of them have reached and measured.
std::vector<BandPoint> bandOf(const Series& series, MetricValue value);

/// The same over one number a run; nothing when no run has it.
struct Spread {
  double mean = 0, deviation = 0;
  size_t count = 0;
};
std::optional<Spread> spreadOf(const Series& series, std::optional<double> (*number)(const StoredRun&));

}  // namespace lab::ui
