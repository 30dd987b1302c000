#include "options.h"

#include "store/files.h"
#include "store/paths.h"

#include <cstdlib>

namespace lab::cli {

ConfigOptions::ConfigOptions(CLI::App& app, const std::string& fileOption, const std::string& help)
    : parameters_(app) {
  app.add_option(fileOption, file_, help)->type_name("FILE.toml");
}

ResolvedConfig ConfigOptions::resolve() const {
  ConfigBuilder builder;
  if (!file_.empty()) builder.addToml(need(readWhole(file_), ExitCode::Configuration), file_);
  const std::string data = dataRootOfEnvironment();
  if (!data.empty()) builder.set("data_root", data, Origin::Environment);
  parameters_.addTo(builder);
  return need(builder.resolve(), ExitCode::Configuration);
}

void addRun(CLI::App& app, std::string& run, const std::string& name) {
  app.add_option(name, run, "A run's name or its beginning, a path, or latest")
      ->type_name("RUN")
      ->required();
}

void addHome(CLI::App& app, std::string& home) {
  app.add_option("--home", home, "Where runs are kept (else ITOPLAB_HOME, else the user's data directory)")
      ->type_name("DIR");
}

void addJson(CLI::App& app, bool& json) { app.add_flag("--json", json, "Print one JSON object"); }

void addQuiet(CLI::App& app, bool& quiet) { app.add_flag("-q,--quiet", quiet, "No progress on standard error"); }

std::string dataRootOfEnvironment() {
  const char* data = std::getenv("ITOPLAB_DATA");
  return data == nullptr ? "" : data;
}

std::filesystem::path homeFolder(const std::string& given) {
  return given.empty() ? labHome() : std::filesystem::absolute(given);
}

void fail(ExitCode code, const Problems& problems) { throw RunError(code, describe(problems)); }

}  // namespace lab::cli
