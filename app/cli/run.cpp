// itoplab run: one training.

#include "command_text.h"
#include "commands.h"
#include "interrupts.h"
#include "load_data.h"
#include "options.h"
#include "run_end.h"
#include "run_progress.h"

#include "engines.h"

#include "run_error.h"
#include "store/files.h"
#include "store/run_writer.h"
#include "training/observer_list.h"
#include "training/trainer.h"

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab run                                        SET at 98 %, ΔT 100, on Fashion-MNIST\n"
    "  itoplab run --sparsity 0.995 --update-interval 30 --seed 2\n"
    "  itoplab run --method static --sparsity 0.99        the same without exploration\n"
    "  itoplab run --config mine.toml --epochs 24 --json  a file; flags win over it\n"
    "Ctrl+C stops at the next step with a checkpoint: itoplab resume goes on from it.";

struct Options {
  explicit Options(CLI::App& app) : config(app, "--config", "A configuration file; see itoplab config") {}
  ConfigOptions config;
  std::string home, begun;
  bool json = false, quiet = false, unrecorded = false;
};

std::unique_ptr<RunWriter> makeWriter(const Options& options, const Config& config) {
  if (options.unrecorded) return nullptr;
  RunRecordOptions record{homeFolder(options.home), commandLineText(), LAB_VERSION};
  return need(RunWriter::create(config, record), ExitCode::Disk);
}

/// Tells other programs where the record is, as soon as it is there.
class Beginning : public RunObserver {
 public:
  Beginning(const RunWriter* writer, std::filesystem::path file) : writer_(writer), file_(std::move(file)) {}
  void onStart(const RunStart&) override {
    if (writer_ != nullptr && !file_.empty()) writeWhole(file_, writer_->directory().string() + "\n");
  }

 private:
  const RunWriter* writer_;
  std::filesystem::path file_;
};

int act(const Options& options) {
  const Loudness loud = loudness(options.quiet);
  const Config config = options.config.resolve().config;
  const auto data = need(loadData(config, loud), ExitCode::Data);
  const auto writer = makeWriter(options, config);
  RunProgress progress(loud);
  ObserverList observers;
  if (writer) observers.add(*writer);
  Beginning beginning(writer.get(), options.begun);
  observers.add(beginning);
  observers.add(progress);
  RunCommands commands;
  Interrupts interrupts;
  const RunResult result = trainRun(config, data, makeEngines(), observers, commands, interrupts.token());

  return tellEnd(result, writer.get(), interrupts, options.json);
}

}  // namespace

Command addRun(CLI::App& program) {
  CLI::App* app = program.add_subcommand("run", "Train one network and record the run");
  app->footer(kExamples);
  auto options = std::make_shared<Options>(*app);
  addHome(*app, options->home);
  app->add_flag("--no-record", options->unrecorded, "Write no run directory");
  app->add_option("--begun", options->begun, "Write the run's directory into this file as soon as it is recorded")
      ->type_name("FILE")
      ->excludes("--no-record");
  addJson(*app, options->json);
  addQuiet(*app, options->quiet);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
