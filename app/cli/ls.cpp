// itoplab ls: the recorded runs.

#include "commands.h"
#include "options.h"
#include "stored_run.h"
#include "table.h"
#include "terminal.h"

#include <fmt/format.h>

#include <algorithm>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab ls\n"
    "  itoplab ls --where method=set --where sparsity=0.99\n"
    "  itoplab ls --where status=failed --json";

struct Options {
  std::string home;
  std::vector<std::string> where;
  bool json = false;
};

using Filter = std::function<bool(const StoredRun&)>;

/// "key=value", the key a parameter or "status".
Filter parseFilter(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == text.npos)
    throw RunError(ExitCode::Usage, fmt::format("--where '{}': it must be KEY=VALUE, as method=set", text));
  const std::string key = text.substr(0, equals), value = text.substr(equals + 1);
  if (key == "status") {
    constexpr StoredStatus kStates[] = {StoredStatus::Running, StoredStatus::Done, StoredStatus::Stopped,
                                        StoredStatus::Failed, StoredStatus::Crashed};
    for (const StoredStatus state : kStates)
      if (name(state) == value) return [state](const StoredRun& run) { return run.status == state; };
    throw RunError(ExitCode::Usage, fmt::format("--where status={}: it must be running, done, stopped, failed or "
                                                "crashed",
                                                value));
  }
  const Parameter* parameter = findParameter(key);
  if (parameter == nullptr) throw RunError(ExitCode::Usage, "--where: " + unknownParameter(key).message);
  // Read and written again, so that 0.990 finds 0.99.
  Config wanted;
  const Problems problems = setFromText(wanted, *parameter, value);
  if (!problems.empty()) fail(ExitCode::Usage, problems);
  const std::string text0 = valueText(wanted, *parameter);
  return [parameter, text0](const StoredRun& run) { return valueText(run.config, *parameter) == text0; };
}

int act(const Options& options) {
  std::vector<Filter> filters;
  for (const std::string& text : options.where) filters.push_back(parseFilter(text));
  Problems damaged;
  std::vector<StoredRun> runs = listRuns(homeFolder(options.home), &damaged);
  std::erase_if(runs, [&](const StoredRun& run) {
    return !std::all_of(filters.begin(), filters.end(), [&](const Filter& fits) { return fits(run); });
  });
  if (options.json) {
    Json json = {{"runs", Json::array()}, {"damaged", Json::array()}};
    for (const StoredRun& run : runs) json["runs"].push_back(storedRunJson(run));
    for (const Problem& problem : damaged)
      json["damaged"].push_back({{"run", problem.key}, {"problem", problem.message}});
    printJson(json);
    return 0;
  }
  Table table({"run", "status", "method", ">sparsity", ">ΔT", ">seed", ">R_s", ">accuracy", ">age"});
  for (const StoredRun& run : runs) {
    const bool ended = run.result.maskableWeights > 0;
    const bool explores = !idleParameters(run.config).contains("update_interval");
    table.add({run.id, std::string(name(run.status)), run.config.method, fmt::format("{:g}", run.config.sparsity),
               explores ? std::to_string(run.config.update_interval) : "", std::to_string(run.config.seed),
               ended ? fmt::format("{:.4f}", run.result.rs) : "",
               run.result.testAccuracy ? percentText(*run.result.testAccuracy) : "", ageText(run)});
  }
  if (table.empty())
    say(filters.empty()
            ? fmt::format("no runs in {} yet; itoplab run makes one", homeFolder(options.home).string())
            : "no run fits");
  else
    fmt::print("{}", table.text());
  for (const Problem& problem : damaged) say("damaged: " + problem.message);
  return 0;
}

}  // namespace

Command addLs(CLI::App& program) {
  CLI::App* app = program.add_subcommand("ls", "List the recorded runs, newest first");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  app->add_option("--where", options->where, "Only runs with this value of a parameter, or of status")
      ->type_name("KEY=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  addHome(*app, options->home);
  addJson(*app, options->json);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
