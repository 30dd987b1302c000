// itoplab show: everything known of one run.

#include "commands.h"
#include "options.h"
#include "run_summary.h"
#include "stored_run.h"
#include "table.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab show latest\n"
    "  itoplab show 20261123-19 --json      an unambiguous beginning of the name, or a path";

struct Options {
  std::string run, home;
  bool json = false;
};

Json startJson(const RunStart& start) {
  return {{"engine", start.engine},
          {"engine_why", start.engineWhy},
          {"engine_detail", start.engineDetail},
          {"sparse_arithmetic", start.sparseArithmetic},
          {"planned_steps", start.plannedSteps},
          {"steps_per_epoch", start.stepsPerEpoch},
          {"data_checksums", start.dataChecksums}};
}

Json eventsJson(const std::vector<RunEvent>& events) {
  Json json = Json::array();
  for (const RunEvent& e : events)
    json.push_back({{"step", e.step},
                    {"epoch", e.epoch},
                    {"kind", e.kind},
                    {"key", e.key},
                    {"from", e.from},
                    {"to", e.to},
                    {"message", e.message}});
  return json;
}

std::string reliableText(const RunResult& result) {
  Table table({">k", ">R_rel(k)"});
  for (const auto& [steps, share] : result.reliable) table.add({fmt::format("{}", steps), fmt::format("{:.4f}", share)});
  return table.empty() ? "" : "reliable exploration: share of weights with an unbroken life of k steps\n" + table.text(2);
}

std::string configText(const Config& config) {
  std::string text = "configuration " + configurationHash(config) + "\n";
  for (const Parameter& parameter : parameters())
    text += fmt::format("  {:<22} {}\n", parameter.key, valueText(config, parameter));
  return text + toCommandLine(config) + "\n";
}

void printText(const StoredRun& run, const RunStart& start, const std::vector<RunEvent>& events, size_t rows) {
  fmt::print("{}\n{}", run.id, runSummary(run.result, run.directory, name(run.status)));
  fmt::print("  {:<20} {} ({} ago)\n", "started", run.started, ageText(run));
  fmt::print("  {:<20} {} ({}; {})\n", "engine", start.engine, start.engineDetail, start.engineWhy);
  fmt::print("  {:<20} {} steps an epoch, {} planned, {} rows of metrics\n", "length", start.stepsPerEpoch,
             start.plannedSteps, rows);
  fmt::print("{}{}", layerTable(run.result), reliableText(run.result));
  for (const RunEvent& event : events) fmt::print("step {:>8}  {}  {}\n", event.step, event.kind, event.message);
  fmt::print("{}", configText(run.config));
}

int act(const Options& options) {
  const auto folder = need(findRun(homeFolder(options.home), options.run), ExitCode::Usage);
  const StoredRun run = need(readRun(folder), ExitCode::Data);
  const RunStart start = need(readStart(folder), ExitCode::Data);
  const auto events = need(readEvents(folder), ExitCode::Data);
  const auto metrics = need(readMetrics(folder), ExitCode::Data);
  if (!options.json) return printText(run, start, events, metrics.size()), 0;
  Json json = storedRunJson(run);
  json["start"] = startJson(start);
  json["events"] = eventsJson(events);
  json["metrics_rows"] = metrics.size();
  printJson(json);
  return 0;
}

}  // namespace

Command addShow(CLI::App& program) {
  CLI::App* app = program.add_subcommand("show", "Show everything known of one run");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  addRun(*app, options->run);
  addHome(*app, options->home);
  addJson(*app, options->json);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
