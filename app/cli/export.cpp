// itoplab export: the tables of a run as CSV, its weights and masks as tensors.

#include "commands.h"
#include "options.h"
#include "terminal.h"
#include "usage.h"

#include "store/checkpoint.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/mask_history.h"
#include "store/network_tensors.h"
#include "store/run_reader.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab export latest --what metrics --out metrics.csv\n"
    "  itoplab export latest --what masks --update 10 --out masks.csv\n"
    "  itoplab export latest --what layers | head          without --out: to standard output\n"
    "  itoplab export latest --what weights --out net.safetensors\n"
    "  itoplab export latest --what masks --update 0 --out first.safetensors\n"
    "masks: one row an active connection, its layer, flat position, output (row) and input (column); as "
    "safetensors\n"
    "one BOOL tensor a layer. weights (safetensors): of the finished network, else of the newest checkpoint.";

struct Options {
  std::string run, what = "metrics", out, home;
  int64_t update = -1;
};

/// A table as it was recorded, its torn last line left out. Damaged ones have been refused by `check`.
template <class Rows>
std::string recorded(const std::filesystem::path& folder, const char* file, const Result<Rows>& check) {
  if (!check) fail(ExitCode::Data, check.problems());
  std::string text = need(readWhole(folder / file), ExitCode::Data);
  text.resize(text.rfind('\n') + 1);
  return text;
}

/// The kept moment that is the last at or before `update`; negative: the end of the run.
MaskHistory::Moment momentAt(const MaskHistory& history, int64_t update) {
  size_t kept = 0;
  while (kept < history.entries.size() && (update < 0 || history.entries[kept].update <= update)) ++kept;
  MaskHistory::Moment moment = history.at(kept);
  if (update >= 0 && moment.update != update)
    say(fmt::format("update {} is not kept by itself; these are the masks after update {}", update,
                    moment.update));
  return moment;
}

std::string masksCsv(const std::filesystem::path& folder, int64_t update) {
  const RunStart start = need(readStart(folder), ExitCode::Data);
  const MaskHistory history = need(readMaskHistory(historyFile(folder)), ExitCode::Data);
  const auto moment = momentAt(history, update);
  std::string text = "update,step,layer,position,row,column\n";
  for (size_t l = 0; l < moment.active.size(); ++l) {
    const LayerInfo& layer = start.layers[l];
    const int64_t columns = layer.weights / layer.shape.front();
    std::string prefix = fmt::format("{},{},", moment.update, moment.step);
    appendField(prefix, layer.name);
    forEachOne(moment.active[l], [&](int64_t position) {
      text += fmt::format("{},{},{},{}\n", prefix, position, position / columns, position % columns);
    });
  }
  return text;
}

bool asTensors(const Options& options) { return std::filesystem::path(options.out).extension() == ".safetensors"; }

std::string masksTensors(const std::filesystem::path& folder, const Options& options) {
  const auto start = need(readStart(folder), ExitCode::Data);
  const auto history = need(readMaskHistory(historyFile(folder)), ExitCode::Data);
  const MaskHistory::Moment moment = momentAt(history, options.update);
  return packSafetensors({maskTensors(start.layers, moment.active),
                          {{"run", std::filesystem::weakly_canonical(folder).filename().string()},
                           {"update", std::to_string(moment.update)},
                           {"step", std::to_string(moment.step)}}});
}

std::string weights(const std::filesystem::path& folder) {
  if (const auto saved = readWhole(weightsFile(folder))) return saved.value();
  const auto found = need(findCheckpoint(folder), ExitCode::Data);
  if (!found)
    throw RunError(ExitCode::Data,
                   fmt::format("{} has no weights: it ended without save_weights, or was cut off before "
                               "its first checkpoint",
                               folder.string()));
  const auto start = need(readStart(folder), ExitCode::Data);
  say(fmt::format("the weights are those of the checkpoint at step {}", found->checkpoint.run.step));
  return packWeights(start.layers, found->checkpoint.run.engine, found->checkpoint.run.step);
}

std::string content(const std::filesystem::path& folder, const Options& options) {
  if (options.what == "weights") return weights(folder);
  if (options.what == "masks" && asTensors(options)) return masksTensors(folder, options);
  if (options.what == "metrics") return recorded(folder, "metrics.csv", readMetrics(folder));
  if (options.what == "layers") return recorded(folder, "layers.csv", readLayers(folder));
  if (options.what == "events") return recorded(folder, "events.csv", readEvents(folder));
  return masksCsv(folder, options.update);
}

int act(const Options& options) {
  if (options.update >= 0 && options.what != "masks")
    throw RunError(ExitCode::Usage,
                   fmt::format("--update has no meaning with --what {}; it chooses masks", options.what));
  if (options.what == "weights" && !asTensors(options))
    throw RunError(ExitCode::Usage, "--what weights needs --out FILE.safetensors");
  if (options.what != "weights" && options.what != "masks" && asTensors(options))
    throw RunError(ExitCode::Usage,
                   fmt::format("--what {} is a table: --out FILE.csv would be right", options.what));
  const auto folder = need(findRun(homeFolder(options.home), options.run), ExitCode::Usage);
  const std::string text = content(folder, options);
  if (options.out.empty())
    fmt::print("{}", text);
  else
    writeWhole(options.out, text);
  return 0;
}

}  // namespace

Command addExport(CLI::App& program) {
  CLI::App* app = program.add_subcommand("export", "Write a run's tables, masks or weights to a file");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  addRun(*app, options->run);
  app->add_option("--what", options->what, "metrics, layers, events, masks or weights")
      ->capture_default_str()
      ->check(oneOf({"metrics", "layers", "events", "masks", "weights"}));
  app->add_option("--update", options->update,
                  "The masks after this topology update; 0: the initial ones; else the last")
      ->check(CLI::NonNegativeNumber);
  app->add_option("--out", options->out, "The file (else standard output)")->type_name("FILE");
  addHome(*app, options->home);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
