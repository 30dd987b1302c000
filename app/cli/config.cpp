// itoplab config: what a run would be configured as.

#include "commands.h"
#include "engine_rows.h"
#include "options.h"
#include "run_json.h"
#include "table.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab config > mine.toml                          a complete file with comments, to edit\n"
    "  itoplab config mine.toml                            checks a file and prints it complete\n"
    "  itoplab config mine.toml --sparsity 0.99 --show-origin";

struct Options {
  explicit Options(CLI::App& app) : config(app, "file", "A configuration file") {}
  ConfigOptions config;
  bool origin = false, json = false;
};

void printOrigins(const ResolvedConfig& resolved) {
  Table table({"parameter", "value", "origin"});
  for (const Parameter& p : parameters())
    table.add({std::string(p.key), valueText(resolved.config, p),
               std::string(name(resolved.origins.at(std::string(p.key))))});
  fmt::print("{}\n", table.text());
  Table engines({"engine", "found", "why not offered"});
  for (const Json& row : engineRows(resolved.config))
    engines.add({row.at("name").get<std::string>(), row.at("found").get<std::string>(),
                 row.at("why_not").get<std::string>()});
  fmt::print("{}", engines.text());
}

void printConfigJson(const ResolvedConfig& resolved) {
  Json json = {{"hash", configurationHash(resolved.config)},
               {"parameters", Json::object()},
               {"engines", engineRows(resolved.config)}};
  for (const Parameter& p : parameters()) {
    Json row = {{"origin", name(resolved.origins.at(std::string(p.key)))}};
    std::visit([&](auto member) { row["value"] = resolved.config.*member; }, p.member);
    json["parameters"][std::string(p.key)] = std::move(row);
  }
  printJson(json);
}

int act(const Options& options) {
  const ResolvedConfig resolved = options.config.resolve();
  if (options.json)
    printConfigJson(resolved);
  else if (options.origin)
    printOrigins(resolved);
  else
    fmt::print("{}", toToml(resolved.config));
  return 0;
}

}  // namespace

Command addConfig(CLI::App& program) {
  CLI::App* app = program.add_subcommand("config", "Check a configuration and print it complete");
  app->footer(kExamples);
  auto options = std::make_shared<Options>(*app);
  app->add_flag("--show-origin", options->origin, "Say where each value comes from, and what each engine found or misses");
  addJson(*app, options->json);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
