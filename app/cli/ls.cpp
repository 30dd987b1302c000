// itoplab ls: the recorded runs.

#include "commands.h"
#include "options.h"
#include "stored_run.h"
#include "table.h"
#include "terminal.h"

#include "store/run_filter.h"

#include <fmt/format.h>

#include <algorithm>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab ls\n"
    "  itoplab ls --where method=set --where sparsity=0.99\n"
    "  itoplab ls --filter \"method:set,rigl sparsity>=0.98 accuracy>87% -tag:bad\"\n"
    "  itoplab ls --filter status:failed --json\n"
    "Terms of a filter must all hold: words found in name, method, model, data set, tags or note; KEY:VALUE; numbers\n"
    "with < <= > >= = !=; a dash before a term negates it. Keys: every parameter, status, tag, note, accuracy, rs,\n"
    "validation, loss, density, steps, updates, flops, seconds, started, archived. Archived runs are left out unless\n"
    "asked for.";

struct Options {
  std::string home;
  std::string filter;
  std::vector<std::string> where;
  bool archived = false, json = false;
};

/// "key=value" of --where as a term of a filter.
std::string asTerm(const std::string& where) {
  const size_t equals = where.find('=');
  if (equals == where.npos)
    throw RunError(ExitCode::Usage, fmt::format("--where '{}': it must be KEY=VALUE, as method=set", where));
  return fmt::format("\"{}\"", where);
}

RunFilter filterOf(const Options& options) {
  std::string text = options.filter;
  for (const std::string& where : options.where) text += " " + asTerm(where);
  return need(RunFilter::parse(text), ExitCode::Usage);
}

int act(const Options& options) {
  const RunFilter filter = filterOf(options);
  Problems damaged;
  std::vector<StoredRun> runs = listRuns(homeFolder(options.home), &damaged);
  const size_t all = runs.size();
  std::erase_if(runs, [&](const StoredRun& run) { return !filter.fits(run, options.archived); });
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
    say(all == 0
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
  app->add_option("--filter", options->filter, "Only runs that fit, as \"method:set sparsity>=0.98 -tag:bad\"")
      ->type_name("TERMS");
  app->add_flag("--archived", options->archived, "Archived runs too");
  addHome(*app, options->home);
  addJson(*app, options->json);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
