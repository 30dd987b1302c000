// itoplab compare: what two recorded runs differ in.

#include "commands.h"
#include "options.h"
#include "run_json.h"
#include "table.h"
#include "terminal.h"

#include "store/compare.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab compare 20261123-1907 latest\n"
    "  itoplab compare A B --json             names, beginnings of names, or paths\n"
    "Parameters that differ, the results side by side, and the first row in which the metrics differ (clocks "
    "aside).";

struct Options {
  std::string a, b, home;
  bool json = false;
};

Json differencesJson(const std::vector<Difference>& differences) {
  Json json = Json::object();
  for (const Difference& d : differences) json[d.name] = {{"a", d.a}, {"b", d.b}};
  return json;
}

Json comparisonJson(const Comparison& c) {
  Json json = {{"a", runJson(c.a.result, c.a.directory, name(c.a.status))},
               {"b", runJson(c.b.result, c.b.directory, name(c.b.status))},
               {"parameters", differencesJson(c.parameters)},
               {"rows", {{"a", c.rowsA}, {"b", c.rowsB}}},
               {"metrics_equal", !c.firstRow.has_value()},
               {"first_difference", Json()}};
  if (c.firstRow)
    json["first_difference"] = {{"row", c.firstRow->row},
                                {"step_a", c.firstRow->stepA ? Json(*c.firstRow->stepA) : Json()},
                                {"step_b", c.firstRow->stepB ? Json(*c.firstRow->stepB) : Json()},
                                {"columns", differencesJson(c.firstRow->columns)}};
  return json;
}

std::string optionalText(const std::optional<double>& value, bool asPercentage) {
  if (!value) return "-";
  return asPercentage ? percentText(*value) : fmt::format("{:.6g}", *value);
}

std::string resultTable(const Comparison& c) {
  Table table({"", ">" + c.a.id, ">" + c.b.id});
  const RunResult &a = c.a.result, &b = c.b.result;
  table.add({"status", std::string(name(c.a.status)), std::string(name(c.b.status))});
  table.add({"engine", a.engine, b.engine});
  table.add({"test accuracy", optionalText(a.testAccuracy, true), optionalText(b.testAccuracy, true)});
  table.add({"best validation", optionalText(a.bestValidationAccuracy, true),
             optionalText(b.bestValidationAccuracy, true)});
  table.add({"training loss", optionalText(a.finalTrainLoss, false), optionalText(b.finalTrainLoss, false)});
  table.add({"R_s", fmt::format("{:.6f}", a.rs), fmt::format("{:.6f}", b.rs)});
  table.add({"density", percentText(a.density), percentText(b.density)});
  table.add({"steps", countText(a.steps), countText(b.steps)});
  table.add({"topology updates", countText(a.topologyUpdates), countText(b.topologyUpdates)});
  table.add({"training FLOPs / dense", fmt::format("{:.6f}", a.trainFlopsRelativeToDense),
             fmt::format("{:.6f}", b.trainFlopsRelativeToDense)});
  table.add({"training time", durationText(a.trainSeconds), durationText(b.trainSeconds)});
  return table.text();
}

std::string differenceTable(const char* title, const std::vector<Difference>& differences) {
  Table table({title, ">a", ">b"});
  for (const Difference& d : differences) table.add({d.name, d.a, d.b});
  return table.text(2);
}

std::string rowText(const Comparison& c) {
  if (!c.firstRow) return fmt::format("the metrics are equal in all {} rows\n", c.rowsA);
  const RowDifference& row = *c.firstRow;
  if (!row.stepA || !row.stepB)
    return fmt::format("the metrics are equal in the first {} rows; then {} goes on alone\n", row.row - 1,
                       row.stepA ? c.a.id : c.b.id);
  return fmt::format("the metrics differ from row {} on (step {})\n", row.row, *row.stepA) +
         differenceTable("column", row.columns);
}

int act(const Options& options) {
  const auto home = homeFolder(options.home);
  const auto a = need(findRun(home, options.a), ExitCode::Usage),
             b = need(findRun(home, options.b), ExitCode::Usage);
  const Comparison comparison = need(compareRuns(a, b), ExitCode::Data);
  if (options.json) return printJson(comparisonJson(comparison)), 0;
  fmt::print("{}", resultTable(comparison));
  if (comparison.parameters.empty())
    fmt::print("the parameters are equal\n");
  else
    fmt::print("{}", differenceTable("parameter", comparison.parameters));
  fmt::print("{}", rowText(comparison));
  return 0;
}

}  // namespace

Command addCompare(CLI::App& program) {
  CLI::App* app = program.add_subcommand("compare", "Show what two runs differ in");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  addRun(*app, options->a, "a");
  app->add_option("b", options->b, "Another one")->type_name("B")->required();
  addHome(*app, options->home);
  addJson(*app, options->json);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
