// itoplab verify: whether recorded runs are what they say.

#include "commands.h"
#include "options.h"
#include "run_json.h"
#include "terminal.h"

#include "store/run_reader.h"
#include "store/verify.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab verify latest\n"
    "  itoplab verify 20261123-19 --json      an unambiguous beginning of the name, or a path\n"
    "Checks the files of a run that has ended against SHA256SUMS and replays its mask history to the recorded R_s "
    "and\n"
    "active counts. Exit code 4 and the first discrepancy when something is not as recorded.";

struct Options {
  std::string run, home;
  bool json = false;
};

Json verdict(const std::filesystem::path& folder, const Result<Verification>& result) {
  Json json = {{"run", folder.string()}, {"sound", result.ok()}, {"problems", Json::array()}};
  if (!result) {
    for (const Problem& problem : result.problems()) json["problems"].push_back(problem.message);
    return json;
  }
  const Verification& v = result.value();
  json["files"] = v.files;
  json["moments"] = v.moments;
  json["layer_rows"] = v.rows;
  json["explored"] = v.explored;
  json["weights"] = v.weights;
  json["r_s"] = static_cast<double>(v.explored) / static_cast<double>(v.weights);
  return json;
}

int act(const Options& options) {
  const auto folder = need(findRun(homeFolder(options.home), options.run), ExitCode::Usage);
  const auto result = verifyRun(folder);
  if (options.json) printJson(verdict(folder, result));
  if (!result) {
    const Problems& problems = result.problems();
    complain(problems.front().message);
    if (problems.size() > 1) say(fmt::format("and {} more", problems.size() - 1));
    return static_cast<int>(ExitCode::Data);
  }
  const Verification& v = result.value();
  if (!options.json)
    fmt::print(
        "sound: {} files as they were written; {} moments of the mask history give R_s = {} / {} = {:.6f}, as "
        "recorded, and {} rows of layers.csv\n",
        v.files, v.moments, countText(v.explored), countText(v.weights),
        static_cast<double>(v.explored) / static_cast<double>(v.weights), v.rows);
  return 0;
}

}  // namespace

Command addVerify(CLI::App& program) {
  CLI::App* app = program.add_subcommand("verify", "Check a run's files and replay its masks to the recorded R_s");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  addRun(*app, options->run);
  addHome(*app, options->home);
  addJson(*app, options->json);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
