// itoplab export: the tables of a run as CSV.

#include "commands.h"
#include "options.h"
#include "terminal.h"
#include "usage.h"

#include "store/csv.h"
#include "store/files.h"
#include "store/mask_history.h"
#include "store/run_reader.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab export latest --what metrics --out metrics.csv\n"
    "  itoplab export latest --what masks --update 10 --out masks.csv\n"
    "  itoplab export latest --what layers | head          without --out: to standard output\n"
    "masks: one row an active connection, its layer, flat position, output (row) and input (column).";

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
  const MaskHistory history = need(readMaskHistory(folder / "masks" / "history.bin"), ExitCode::Data);
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

std::string content(const std::filesystem::path& folder, const Options& options) {
  if (options.what == "metrics") return recorded(folder, "metrics.csv", readMetrics(folder));
  if (options.what == "layers") return recorded(folder, "layers.csv", readLayers(folder));
  if (options.what == "events") return recorded(folder, "events.csv", readEvents(folder));
  return masksCsv(folder, options.update);
}

int act(const Options& options) {
  if (options.update >= 0 && options.what != "masks")
    throw RunError(ExitCode::Usage,
                   fmt::format("--update has no meaning with --what {}; it chooses masks", options.what));
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
  CLI::App* app = program.add_subcommand("export", "Write a run's tables or masks as CSV");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  app->add_option("run", options->run, "A run's name or its beginning, a path, or latest")
      ->type_name("RUN")
      ->required();
  app->add_option("--what", options->what, "metrics, layers, events or masks")
      ->capture_default_str()
      ->check(oneOf({"metrics", "layers", "events", "masks"}));
  app->add_option("--update", options->update,
                  "The masks after this topology update; 0: the initial ones; else the last")
      ->check(CLI::NonNegativeNumber);
  app->add_option("--out", options->out, "The file (else standard output)")->type_name("FILE");
  addHome(*app, options->home);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
