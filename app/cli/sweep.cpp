// itoplab sweep: a grid of parameter values × seeds.

#include "cells.h"
#include "commands.h"
#include "options.h"
#include "run_json.h"
#include "table.h"

#include "experiments/statistics.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/paths.h"

#include <fmt/format.h>

#include <map>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab sweep --axis update_interval=10,100,1000 --axis sparsity=0.98,0.99 --seeds 3\n"
    "  itoplab sweep --axis batch_size=32,128,512 --sparsity 0.995 --epochs 6 --out batch\n"
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

/// "key=value,value"
Axis parseAxis(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == text.npos || equals + 1 == text.size())
    throw RunError(
        ExitCode::Usage,
        fmt::format("--axis '{}': it must be a parameter and its values, as update_interval=10,100", text));
  const std::string key = text.substr(0, equals), values = text.substr(equals + 1);
  const Parameter* parameter = findParameter(key);
  if (parameter == nullptr) throw RunError(ExitCode::Usage, "--axis: " + unknownParameter(key).message);
  if (parameter->key == "seed")
    throw RunError(ExitCode::Usage, "--axis seed: the seeds 1 to N of every cell are given by --seeds N");
  const char separator = values.find(';') == values.npos ? ',' : ';';
  Axis axis{std::string(parameter->key), {}};
  for (size_t begin = 0; begin <= values.size();) {
    const size_t end = std::min(values.find(separator, begin), values.size());
    axis.values.emplace_back(values.substr(begin, end - begin));
    begin = end + 1;
  }
  return axis;
}

/// What was set on purpose, beneath the axes.
Assignments fixedValues(const ResolvedConfig& resolved) {
  Assignments fixed;
  for (const std::string& key : resolved.explicitKeys())
    fixed.emplace_back(key, valueText(resolved.config, *findParameter(key)));
  return fixed;
}

/// The finished runs of one combination of axis values.
struct Combination {
  std::vector<std::string> labels;
  std::vector<double> accuracy, rs;
};

std::vector<Combination> combine(const std::vector<Cell>& cells, const std::vector<CellResult>& results) {
  std::vector<Combination> combinations;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (combinations.empty() || combinations.back().labels != cells[i].labels)
      combinations.push_back({cells[i].labels, {}, {}});
    if (!results[i].finished() || !results[i].result.testAccuracy) continue;
    combinations.back().accuracy.push_back(*results[i].result.testAccuracy);
    combinations.back().rs.push_back(results[i].result.rs);
  }
  return combinations;
}

std::string runsCsv(const std::vector<Axis>& axes, const std::vector<Cell>& cells,
                    const std::vector<CellResult>& results) {
  std::string text;
  for (const Axis& axis : axes) text += axis.key + ",";
  text +=
      "seed,state,test_accuracy,best_validation_accuracy,final_train_loss,r_s,r_rel,density,steps,"
      "train_seconds,run\n";
  for (size_t i = 0; i < cells.size(); ++i) {
    const RunResult& r = results[i].result;
    for (const std::string& label : cells[i].labels) appendField(text, label), text += ',';
    const auto reliable = r.reliable.find(cells[i].config.reliable_steps);
    const auto put = [&text](const auto& value) { appendField(text, value), text += ','; };
    put(cells[i].config.seed);
    put(name(results[i].state));
    put(r.testAccuracy);
    put(r.bestValidationAccuracy);
    put(r.finalTrainLoss);
    put(r.rs);
    put(reliable == r.reliable.end() ? std::optional<double>() : std::optional(reliable->second));
    put(r.density);
    put(r.steps);
    put(r.trainSeconds);
    appendField(text, results[i].directory.string());
    text += '\n';
  }
  return text;
}

std::string summaryCsv(const std::vector<Axis>& axes, const std::vector<Combination>& combinations) {
  std::string text;
  for (const Axis& axis : axes) text += axis.key + ",";
  text += "n,test_accuracy_mean,test_accuracy_sd,r_s_mean,r_s_sd\n";
  for (const Combination& c : combinations) {
    for (const std::string& label : c.labels) appendField(text, label), text += ',';
    text += std::to_string(c.accuracy.size());
    for (const double value : {mean(c.accuracy), deviation(c.accuracy), mean(c.rs), deviation(c.rs)})
      text += ',', appendField(text, value);
    text += '\n';
  }
  return text;
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
    row.push_back(c.accuracy.empty()
                      ? ""
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
  for (const std::string& text : options.axes) axes.push_back(parseAxis(text));
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
    writeWhole(folder / "sweep.csv", runsCsv(axes, cells, outcome.results));
    writeWhole(folder / "sweep.summary.csv", summaryCsv(axes, combinations));
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
