// itoplab resume: a run that was stopped or cut off goes on.

#include "command_text.h"
#include "commands.h"
#include "interrupts.h"
#include "load_data.h"
#include "options.h"
#include "run_end.h"
#include "run_progress.h"

#include "engines.h"

#include "store/run_reader.h"
#include "store/run_writer.h"
#include "training/observer_list.h"
#include "training/trainer.h"

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab resume latest\n"
    "  itoplab resume 20261123-19 --json      an unambiguous beginning of the name, or a path\n"
    "Goes on from the newest sound checkpoint, in the same directory, and ends as the run in one piece would "
    "have\n"
    "ended, bit for bit. A run that was cut off before its first checkpoint begins anew.";

struct Options {
  std::string run, home;
  bool json = false, quiet = false;
};

int act(const Options& options) {
  const Loudness loud = loudness(options.quiet);
  const auto folder = need(findRun(homeFolder(options.home), options.run), ExitCode::Usage);
  const StoredRun stored = need(readRun(folder), ExitCode::Data);
  const auto data = need(loadData(stored.config, loud), ExitCode::Data);
  RunWriter::Resumed resumed =
      need(RunWriter::resume(folder, {homeFolder(options.home), commandLineText(), LAB_VERSION}), ExitCode::Usage);
  for (const std::string& warning : resumed.warnings) complain(warning);
  RunProgress progress(loud);
  ObserverList observers;
  observers.add(*resumed.writer);
  observers.add(progress);
  RunCommands commands;
  Interrupts interrupts;
  const RunResult result =
      resumed.from ? resumeRun(resumed.from->start, std::move(resumed.from->state), data, makeEngines(), observers,
                               commands, interrupts.token())
                   : trainRun(resumed.config, data, makeEngines(), observers, commands, interrupts.token());
  return tellEnd(result, resumed.writer.get(), interrupts, options.json);
}

}  // namespace

Command addResume(CLI::App& program) {
  CLI::App* app = program.add_subcommand("resume", "Go on with a run that was stopped or cut off");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  addRun(*app, options->run);
  addHome(*app, options->home);
  addJson(*app, options->json);
  addQuiet(*app, options->quiet);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
