// itoplab sweep: a grid of parameter values × seeds.

#include "cells.h"
#include "commands.h"
#include "options.h"
#include "run_json.h"
#include "table.h"

#include "experiments/axis_text.h"
#include "experiments/statistics.h"
#include "experiments/sweep_table.h"
#include "store/files.h"
#include "store/paths.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab sweep --axis update_interval=10,100,1000 --axis sparsity=0.98,0.99 --seeds 3\n"
    "  itoplab sweep --axis batch_size=32,128,512 --sparsity 0.995 --epochs 6 --out batch\n"
    "  itoplab sweep --axis update_interval=1..1000/7          so many values, spaced as suits the parameter\n"
    "  itoplab sweep --axis prune_rate=random:0.1..0.9/5       so many random ones\n"
    "  itoplab sweep --axis 'hidden_widths=300,100;1024,512'    values that hold commas: separated by ;\n"
    "Runs that are there already are reused; --out writes sweep.csv (a row a run) and sweep.summary.csv.";

struct Options {
  explicit Options(CLI::App& app) : config(app, "--config", "A configuration file beneath the axes") {}
  ConfigOptions config;
  std::vector<std::string> axes;
  int seeds = 1, jobs = 0;
  std::string home, out;
  bool json = false, quiet = false;
};

/// What was set on purpose, beneath the axes.
Assignments fixedValues(const ResolvedConfig& resolved) {
  Assignments fixed;
  for (const std::string& key : resolved.explicitKeys())
    fixed.emplace_back(key, valueText(resolved.config, *findParameter(key)));
  return fixed;
}

std::string summaryTable(const std::vector<Axis>& axes, const std::vector<Combination>& combinations) {
  std::vector<std::string> titles;
  for (const Axis& axis : axes) titles.push_back(">" + axis.key);
  titles.insert(titles.end(), {">runs", ">R_s", ">test accuracy"});
  Table table(titles);
  for (const Combination& c : combinations) {
    std::vector<std::string> row = c.labels;
    row.push_back(std::to_string(c.accuracy.size()));
    row.push_back(c.rs.empty() ? "" : fmt::format("{:.4f}", mean(c.rs)));
    row.push_back(c.accuracy.empty() ? ""
                  : c.accuracy.size() == 1
                      ? fmt::format("{:.2f} %", mean(c.accuracy) * 100)
                      : fmt::format("{:.2f} ± {:.2f} %", mean(c.accuracy) * 100, deviation(c.accuracy) * 100));
    table.add(std::move(row));
  }
  return table.text();
}

Json sweepJson(const std::vector<Cell>& cells, const CellsOutcome& outcome) {
  Json runs = Json::array();
  for (size_t i = 0; i < cells.size(); ++i) {
    const CellResult& cell = outcome.results[i];
    Json run = runJson(cell.result, cell.directory, name(cell.state));
    run["labels"] = cells[i].labels;
    run["seed"] = cells[i].config.seed;
    runs.push_back(std::move(run));
  }
  return {{"runs", std::move(runs)}, {"reused", outcome.reused}, {"seconds", outcome.seconds}};
}

int act(const Options& options) {
  const Loudness loud = loudness(options.quiet);
  std::vector<Axis> axes;
  for (const std::string& text : options.axes) axes.push_back(need(parseAxis(text), ExitCode::Usage));
  const auto cells =
      need(makeGrid(fixedValues(options.config.resolve()), axes, options.seeds), ExitCode::Configuration);
  if (!options.out.empty()) {
    const Problems problems = makeWritableFolder(options.out);
    if (!problems.empty()) fail(ExitCode::Disk, problems);
  }
  const CellsOutcome outcome = runCells(cells, homeFolder(options.home), options.jobs, loud, "sweep");
  const auto combinations = combine(cells, outcome.results);
  if (!options.out.empty()) {
    const std::filesystem::path folder = options.out;
    writeWhole(folder / "sweep.csv", sweepRunsCsv(keysOf(axes), cells, outcome.results));
    writeWhole(folder / "sweep.summary.csv", sweepSummaryCsv(keysOf(axes), combinations));
  }
  if (options.json)
    printJson(sweepJson(cells, outcome));
  else
    fmt::print("{}", summaryTable(axes, combinations));
  return outcome.exitCode;
}

}  // namespace

Command addSweep(CLI::App& program) {
  CLI::App* app = program.add_subcommand("sweep", "Train a grid of parameter values on all cores");
  app->footer(kExamples);
  auto options = std::make_shared<Options>(*app);
  app->add_option("--axis", options->axes, "A parameter and its values; may be given several times")
      ->type_name("KEY=V,V,...")
      ->take_all()
      ->allow_extra_args(false)
      ->required();
  app->add_option("--seeds", options->seeds, "Seeds 1 to N of every combination")->check(CLI::Range(1, 10000));
  app->add_option("--jobs", options->jobs, "Runs at the same time; 0: one a core")->check(CLI::Range(0, 4096));
  app->add_option("--out", options->out, "Folder for sweep.csv and sweep.summary.csv")->type_name("DIR");
  addHome(*app, options->home);
  addJson(*app, options->json);
  addQuiet(*app, options->quiet);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
