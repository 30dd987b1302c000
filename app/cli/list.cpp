// itoplab list: the tables of what there is.

#include "commands.h"
#include "engine_rows.h"
#include "options.h"
#include "run_json.h"
#include "table.h"
#include "usage.h"

#include "data/data_info.h"
#include "experiments/figures.h"
#include "network/models.h"
#include "topology/methods.h"

#include <fmt/format.h>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab list methods\n"
    "  itoplab list models                  and --model FILE.toml is a network of your own: see the README\n"
    "  itoplab list engines --json          for engines also why one is not offered\n"
    "  itoplab list parameters";

/// One row: names and values as JSON, in the order of the columns.
using Rows = std::vector<Json>;

template <class Named>
Rows namedRows(std::span<const Named> table) {
  Rows rows;
  for (const Named& row : table) rows.push_back({{"name", row.name}, {"help", row.help}, {"source", row.source}});
  return rows;
}

Rows figureRows() {
  Rows rows;
  for (const Figure& figure : figures()) {
    Json scales = Json::array();
    for (const FigureScale scale : figure.scales) scales.push_back(name(scale));
    rows.push_back({{"name", figure.name},
                    {"title", figure.title},
                    {"help", figure.help},
                    {"source", figure.source},
                    {"scales", scales}});
  }
  return rows;
}

Rows parameterRows() {
  const Config defaults;
  Rows rows;
  for (const Parameter& p : parameters()) {
    Json row = {{"name", p.key},  {"flag", flagName(p)},       {"group", title(p.group)}, {"label", p.label},
                {"unit", p.unit}, {"allowed", allowedText(p)}, {"help", p.help}};
    std::visit([&](auto member) { row["default"] = defaults.*member; }, p.member);
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Listing {
  std::string_view what;
  Rows (*rows)();
  std::vector<std::string> columns;  ///< those of the text table
};

const std::vector<Listing>& listings() {
  static const std::vector<Listing> kListings = {
      {"methods", [] { return namedRows(methods()); }, {"name", "help", "source"}},
      {"models", [] { return namedRows(models()); }, {"name", "help", "source"}},
      {"datasets", [] { return namedRows(datasets()); }, {"name", "help", "source"}},
      {"figures", figureRows, {"name", "title", "source"}},
      {"engines", [] { return engineRows(Config{}); }, {"name", "offered", "found", "help", "why_not"}},
      {"parameters", parameterRows, {"name", "default", "unit", "allowed"}},
  };
  return kListings;
}

std::string cellText(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

int act(const std::string& what, bool json) {
  for (const Listing& listing : listings()) {
    if (listing.what != what) continue;
    const Rows rows = listing.rows();
    if (json) return printJson({{what, rows}}), 0;
    Table table(listing.columns);
    for (const Json& row : rows) {
      std::vector<std::string> cells;
      for (const std::string& column : listing.columns) cells.push_back(cellText(row.at(column)));
      table.add(std::move(cells));
    }
    fmt::print("{}", table.text());
  }
  return 0;
}

}  // namespace

Command addList(CLI::App& program) {
  CLI::App* app =
      program.add_subcommand("list", "List methods, models, data sets, figures, engines or parameters");
  app->footer(kExamples);
  struct Options {
    std::string what;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  std::vector<std::string> names;
  for (const Listing& listing : listings()) names.emplace_back(listing.what);
  app->add_option("what", options->what, "methods, models, datasets, figures, engines or parameters")
      ->type_name("WHAT")
      ->required()
      ->check(oneOf(names));
  addJson(*app, options->json);
  return {app, [options] { return act(options->what, options->json); }};
}

}  // namespace lab::cli
