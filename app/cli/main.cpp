#include "commands.h"

#include "command_text.h"
#include "help_format.h"
#include "terminal.h"
#include "usage.h"

#include "exit_codes.h"
#include "run_error.h"

#include <fmt/format.h>

#include <cstdio>
#include <new>
#include <system_error>

namespace {

using namespace lab;

constexpr const char* kAbout =
    "ITOP Lab trains sparse networks and measures what they explore: accuracy against the in-time\n"
    "over-parameterization rate R_s (ITOP, ICML 2021).";

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab run --method set --sparsity 0.99 --update-interval 100\n"
    "  itoplab sweep --axis update_interval=10,100,1000 --axis sparsity=0.98,0.99 --seeds 3\n"
    "  itoplab reproduce figure3                 the paper's figure 3, from real runs\n"
    "  itoplab ls --where method=set             the recorded runs\n"
    "  itoplab show latest\n"
    "  itoplab resume latest                     a run that was stopped or cut off goes on\n"
    "  itoplab list parameters                   everything that can be set\n"
    "\n"
    "Environment:\n"
    "  ITOPLAB_HOME  where runs are kept     ITOPLAB_DATA  where data sets are looked for\n"
    "  ITOPLAB_LOG   quiet, normal, verbose  NO_COLOR      no colours\n"
    "  ITOPLAB_MIRROR  a server to download data sets from instead of their own\n"
    "\n"
    "A flag wins over the environment, that over a configuration file, that over the default.\n"
    "Results go to standard output, progress and messages to standard error.\n"
    "\n"
    "Exit codes: 0 done, 1 internal error, 2 usage, 3 configuration, 4 data, 5 diverged, 6 out of memory,\n"
    "7 disk, 8 locked by another process, 75 stopped by SIGTERM or SIGUSR1 with a checkpoint (queue it again),\n"
    "130 interrupted (Ctrl+C, with a checkpoint).";

int report(ExitCode code, const std::string& message) {
  cli::complain(message);
  return static_cast<int>(code);
}

/// Everything that is thrown ends here.
int guarded(const cli::Command& command) {
  try {
    return command.act();
  } catch (const RunError& error) {
    return report(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return report(ExitCode::OutOfMemory, "out of memory");
  } catch (const std::system_error& error) {  // files, and standard output
    return report(ExitCode::Disk, error.what());
  } catch (const std::exception& error) {
    return report(ExitCode::Internal, fmt::format("internal error: {}", error.what()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  cli::rememberCommandLine(argc, argv);
  CLI::App program(kAbout, "itoplab");
  program.set_version_flag("--version", "itoplab " LAB_VERSION);
  program.footer(kExamples);
  program.require_subcommand(0, 1);  // what follows one is its own: "datasets verify" is not "verify"
  program.formatter(std::make_shared<cli::HelpFormat>());
  const std::vector<cli::Command> commands = {
      cli::addRun(program),    cli::addResume(program), cli::addSweep(program),    cli::addReproduce(program),
      cli::addLs(program),     cli::addShow(program),   cli::addCompare(program),  cli::addVerify(program),
      cli::addExport(program), cli::addConfig(program), cli::addDatasets(program), cli::addList(program)};
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& wish) {  // --help, --version
    return program.exit(wish);
  } catch (const CLI::ParseError& error) {
    return report(ExitCode::Usage, cli::usageMessage(program, error));
  }

  for (const cli::Command& command : commands) {
    if (!command.app->parsed()) continue;
    const int code = guarded(command);
    if (std::fflush(stdout) != 0 && code == 0) return report(ExitCode::Disk, "standard output cannot be written");
    return code;
  }
  std::fputs(program.help().c_str(), stderr);
  return static_cast<int>(ExitCode::Usage);
}
