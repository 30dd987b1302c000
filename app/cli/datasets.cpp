// itoplab datasets: which are there, whether they are sound; fetches and removes them.

#include "commands.h"
#include "dataset_transfers.h"
#include "options.h"
#include "run_json.h"
#include "table.h"
#include "usage.h"

#include "data/dataset.h"
#include "data/image_folder.h"
#include "fetch/install.h"
#include "parameters/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab datasets                           which are there\n"
    "  itoplab datasets download cifar10 mnist    goes on where it was stopped\n"
    "  itoplab datasets verify                    reads all files and prints their SHA-256\n"
    "  itoplab datasets remove cifar10            what was downloaded, and nothing else; of photographs the decoded\n"
    "                                             copies\n"
    "  itoplab datasets --data-root /data\n"
    "Downloads go to the user's data directory (ITOPLAB_HOME/data), or below --data-root, and are checked against\n"
    "known SHA-256. --mirror, or ITOPLAB_MIRROR, takes them from another server: URL/mnist/train-images-idx3-ubyte.gz\n"
    "and so on.";

struct Options {
  std::string action = "list", root, mirror;
  std::vector<std::string> names;
  bool json = false, quiet = false;
  bool verify() const { return action == "verify"; }
};

struct Finding {
  const DatasetInfo* info;
  std::filesystem::path folder;
  std::map<std::string, std::string> checksums;
  Problems problems;
};

Config configOf(const DatasetInfo& info, const std::string& root) {
  Config config;
  config.dataset = info.name;
  config.data_root = root;
  return config;
}

/// `named`: that it is missing is a problem too.
void check(Finding& finding, const std::string& root, bool named) {
  const auto installed = checkInstalled(downloadFolder(finding.info->name, root));
  for (const UnpackedFile& file : installed.files) finding.checksums[file.path] = file.sha256;
  finding.problems = installed.problems;
  if (!finding.problems.empty()) return;
  if (finding.folder.empty()) {
    if (named) finding.problems = missingData(configOf(*finding.info, root));
    return;
  }
  if (finding.info->format == DataFormat::ImageFolder) {  // names only: decoding may take hours
    if (const auto listing = listImageFolder(finding.folder); !listing) finding.problems = listing.problems();
    return;
  }
  const auto data = loadDataset(configOf(*finding.info, root));
  if (data && installed.files.empty()) finding.checksums = data.value()->checksums;
  if (!data) finding.problems = data.problems();
}

Finding look(const DatasetInfo& info, const Options& options) {
  Finding finding{&info, findData(info, options.root), {}, {}};
  if (options.verify()) check(finding, options.root, !options.names.empty());
  return finding;
}

std::string stateText(const Finding& finding, bool verify) {
  if (finding.info->format == DataFormat::Synthetic) return "made";
  if (finding.folder.empty() && finding.checksums.empty()) return "missing";
  if (!finding.problems.empty()) return "damaged";
  return verify ? "sound" : "there";
}

void printText(const std::vector<Finding>& findings, const Options& options) {
  Table table({"data set", "state", "where", "source"});
  for (const Finding& f : findings)
    table.add({std::string(f.info->name), stateText(f, options.verify()), f.folder.string(),
               std::string(f.info->source)});
  fmt::print("{}", table.text());
  for (const Finding& f : findings)
    for (const auto& [file, sum] : f.checksums) fmt::print("{}  {}\n", sum, (f.folder / file).string());
  if (options.quiet) return;
  for (const Finding& f : findings)
    if (f.folder.empty() && f.problems.empty())
      for (const Problem& problem : missingData(configOf(*f.info, options.root))) say(problem.message);
}

Json findingJson(const Finding& f, bool verify) {
  const CatalogueEntry* download = findDownload(f.info->name);
  return {{"name", f.info->name},
          {"state", stateText(f, verify)},
          {"folder", f.folder.empty() ? Json() : Json(f.folder.string())},
          {"source", f.info->source},
          {"classes", f.info->classes},
          {"shape", {f.info->shape.channels, f.info->shape.height, f.info->shape.width}},
          {"download_bytes", download == nullptr ? Json() : Json(download->size())},
          {"sha256", f.checksums}};
}

int report(const std::vector<const DatasetInfo*>& chosen, const Options& options) {
  std::vector<Finding> findings;
  for (const DatasetInfo* info : chosen) findings.push_back(look(*info, options));
  if (options.json) {
    Json json = {{"datasets", Json::array()}};
    for (const Finding& f : findings) json["datasets"].push_back(findingJson(f, options.verify()));
    printJson(json);
  } else {
    printText(findings, options);
  }
  Problems damaged;
  for (const Finding& f : findings) damaged.insert(damaged.end(), f.problems.begin(), f.problems.end());
  if (!damaged.empty()) fail(ExitCode::Data, damaged);
  return 0;
}

/// Those that are named, else all.
std::vector<const DatasetInfo*> chosenBy(const Options& options) {
  std::vector<const DatasetInfo*> chosen;
  for (const std::string& name : options.names) chosen.push_back(findDataset(name));
  if (chosen.empty())
    for (const DatasetInfo& info : datasets()) chosen.push_back(&info);
  return chosen;
}

void checkUse(const Options& options) {
  const bool lists = options.action == "list" || options.verify();
  if (!lists && options.names.empty())
    throw RunError(ExitCode::Usage, fmt::format("name what to {}: {}", options.action, fmt::join(datasetNames(), ", ")));
  if (!options.mirror.empty() && options.action != "download")
    throw RunError(ExitCode::Usage, fmt::format("--mirror would do nothing: {} fetches nothing", options.action));
}

std::string mirrorOf(const Options& options) {
  const char* mirror = std::getenv("ITOPLAB_MIRROR");
  return options.mirror.empty() && mirror != nullptr ? mirror : options.mirror;
}

int act(Options options) {
  checkUse(options);
  if (options.root.empty()) options.root = dataRootOfEnvironment();
  const Loudness loud = loudness(options.quiet);
  const TransferPlace place{options.root, mirrorOf(options)};
  const auto chosen = chosenBy(options);
  if (options.action == "download")
    for (const DatasetInfo* info : chosen)
      if (const int code = downloadDataset(*info, place, loud); code != 0) return code;
  if (options.action == "remove")
    for (const DatasetInfo* info : chosen) removeDataset(*info, place, loud);
  const bool asked = options.action == "list" || options.verify() || options.json;
  return asked ? report(chosen, options) : 0;
}

}  // namespace

Command addDatasets(CLI::App& program) {
  CLI::App* app = program.add_subcommand("datasets", "List, download, verify or remove data sets");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  app->add_option("action", options->action, "list, download, verify or remove")
      ->type_name("ACTION")
      ->capture_default_str()
      ->check(oneOf({"list", "download", "verify", "remove"}));
  app->add_option("names", options->names, "Data sets; list and verify: else all")
      ->type_name("NAME...")
      ->check(oneOf(datasetNames()));
  app->add_option("--data-root", options->root, "Look and download here (else ITOPLAB_DATA)")->type_name("DIR");
  app->add_option("--mirror", options->mirror, "Download from this server (else ITOPLAB_MIRROR)")->type_name("URL");
  addJson(*app, options->json);
  addQuiet(*app, options->quiet);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
