// itoplab datasets: which are there, and whether they are sound.

#include "commands.h"
#include "options.h"
#include "run_json.h"
#include "table.h"
#include "terminal.h"

#include "data/dataset.h"
#include "data/dataset_table.h"
#include "parameters/config.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab datasets\n"
    "  itoplab datasets --verify           reads all files and prints their SHA-256\n"
    "  itoplab datasets --data-root /data";

struct Options {
  std::string root;
  bool verify = false, json = false;
};

struct Finding {
  const DatasetInfo* info;
  std::filesystem::path folder;
  std::map<std::string, std::string> checksums;
  Problems problems;
};

Finding look(const DatasetInfo& info, const std::string& root, bool verify) {
  Finding finding{&info, findData(info, root), {}, {}};
  if (!verify || finding.folder.empty()) return finding;
  Config config;
  config.dataset = info.name;
  config.data_root = root;
  const auto data = loadDataset(config);
  if (data)
    finding.checksums = data.value()->checksums;
  else
    finding.problems = data.problems();
  return finding;
}

std::string stateText(const Finding& finding, bool verify) {
  if (finding.info->format == DataFormat::Synthetic) return "made";
  if (finding.folder.empty()) return "missing";
  if (!verify) return "there";
  return finding.problems.empty() ? "sound" : "damaged";
}

void printText(const std::vector<Finding>& findings, const Options& options) {
  Table table({"data set", "state", "where", "source"});
  for (const Finding& f : findings)
    table.add(
        {std::string(f.info->name), stateText(f, options.verify), f.folder.string(), std::string(f.info->source)});
  fmt::print("{}", table.text());
  for (const Finding& f : findings)
    for (const auto& [file, sum] : f.checksums) fmt::print("{}  {}\n", sum, (f.folder / file).string());
  for (const Finding& f : findings) {
    if (!f.folder.empty() || f.info->format == DataFormat::Synthetic) continue;
    std::string places;
    for (const auto& folder : dataFolders(*f.info, options.root)) places += "\n  " + folder.string();
    say(fmt::format("{} was looked for in{}", f.info->name, places));
  }
}

Json findingJson(const Finding& f, bool verify) {
  return {{"name", f.info->name},
          {"state", stateText(f, verify)},
          {"folder", f.folder.empty() ? Json() : Json(f.folder.string())},
          {"source", f.info->source},
          {"classes", f.info->classes},
          {"shape", {f.info->shape.channels, f.info->shape.height, f.info->shape.width}},
          {"sha256", f.checksums}};
}

int act(Options options) {
  if (options.root.empty()) options.root = dataRootOfEnvironment();
  std::vector<Finding> findings;
  for (const DatasetInfo& info : datasets()) findings.push_back(look(info, options.root, options.verify));
  if (options.json) {
    Json json = {{"datasets", Json::array()}};
    for (const Finding& f : findings) json["datasets"].push_back(findingJson(f, options.verify));
    printJson(json);
  } else {
    printText(findings, options);
  }
  Problems damaged;
  for (const Finding& f : findings) damaged.insert(damaged.end(), f.problems.begin(), f.problems.end());
  if (!damaged.empty()) fail(ExitCode::Data, damaged);
  return 0;
}

}  // namespace

Command addDatasets(CLI::App& program) {
  CLI::App* app = program.add_subcommand("datasets", "Say which data sets are there");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  app->add_flag("--verify", options->verify, "Read and check all files");
  app->add_option("--data-root", options->root, "Look here first (else ITOPLAB_DATA)")->type_name("DIR");
  addJson(*app, options->json);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
