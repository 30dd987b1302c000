#pragma once
// Options that several subcommands share, and the configuration they add up to.

#include "parameters/command_line.h"
#include "parameters/config_builder.h"
#include "run_error.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

namespace lab::cli {

/// Where a configuration comes from: --config FILE, the environment, and one flag a parameter.
class ConfigOptions {
 public:
  /// `fileOption`: the option or argument that names the file.
  ConfigOptions(CLI::App& app, const std::string& fileOption, const std::string& help);

  /// Throws RunError (Configuration) with all problems.
  ResolvedConfig resolve() const;

 private:
  ParameterOptions parameters_;
  std::string file_;
};

/// The argument that findRun() resolves, required.
void addRun(CLI::App& app, std::string& run, const std::string& name = "run");
void addHome(CLI::App& app, std::string& home);
void addJson(CLI::App& app, bool& json);
void addQuiet(CLI::App& app, bool& quiet);

/// ITOPLAB_DATA, empty when it is not set.
std::string dataRootOfEnvironment();

/// The home given by --home, else the usual one.
std::filesystem::path homeFolder(const std::string& given);

/// Throws RunError with all problems, a line each.
[[noreturn]] void fail(ExitCode code, const Problems& problems);

/// The value, or a failure with this exit code.
template <class T>
T need(Result<T> result, ExitCode code) {
  if (!result) fail(code, result.problems());
  return result.take();
}

}  // namespace lab::cli
