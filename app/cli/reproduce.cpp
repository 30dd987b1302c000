// itoplab reproduce: a figure of the paper, from real runs, with a verdict.

#include "cells.h"
#include "commands.h"
#include "options.h"
#include "render.h"
#include "run_json.h"
#include "table.h"

#include "experiments/figures.h"
#include "store/paths.h"

#include <fmt/format.h>

#include <algorithm>

namespace lab::cli {

namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  itoplab reproduce figure3                           quick scale, into ./figure3\n"
    "  itoplab reproduce figure3 --scale standard --jobs 8 --out results\n"
    "  itoplab reproduce figure3 --dense                   with the dense network as a reference line\n"
    "Finished runs are reused, failed ones tried again. Writes FIGURE.csv, FIGURE.summary.csv,\n"
    "FIGURE.verdict.json, FIGURE.png and FIGURE.svg. A verdict of \"fail\" is a result, not an error: the exit\n"
    "code tells whether all runs ended well.";

struct Options {
  std::string figure, scale = "quick", out, home;
  int seeds = 0, jobs = 0;
  bool dense = false, json = false, quiet = false;
};

FigureGrid makeGridFor(const Options& options) {
  const Figure* figure = findFigure(options.figure);
  if (figure == nullptr) {
    std::vector<std::string> names;
    for (const Figure& each : figures()) names.emplace_back(each.name);
    const std::string meant = nearest(options.figure, names);
    throw RunError(ExitCode::Usage,
                   fmt::format("unknown figure '{}'; {}", options.figure,
                               meant.empty() ? "see itoplab list figures" : "did you mean " + meant + "?"));
  }
  const auto scale = findScale(options.scale);
  if (!scale)
    throw RunError(ExitCode::Usage,
                   fmt::format("unknown scale '{}'; it must be quick, standard or paper", options.scale));
  FigureGrid grid = need(makeFigure(*figure, *scale, options.seeds), ExitCode::Configuration);
  for (Cell& cell : grid.cells) cell.config.data_root = dataRootOfEnvironment();
  if (grid.denseReference) grid.denseReference->config.data_root = dataRootOfEnvironment();
  return grid;
}

/// The dense reference: run now when asked for, otherwise taken when its run is there.
std::optional<CellResult> denseReference(const FigureGrid& grid, const Options& options, Loudness loud,
                                         int& code) {
  if (!grid.denseReference) return std::nullopt;
  const auto home = homeFolder(options.home);
  if (!options.dense) return findFinished(home, grid.denseReference->config);
  const CellsOutcome outcome = runCells({*grid.denseReference}, home, options.jobs, loud, "dense reference");
  if (code == 0) code = outcome.exitCode;
  if (loud != Loudness::Quiet) say(fmt::format("dense reference: {}", durationText(outcome.seconds)));
  return outcome.results.front();
}

std::string panelTable(const FigureGrid& grid, const FigureData& data, const std::string& panel) {
  Table table({">" + std::string(grid.figure->curveKey), ">R_s", ">test accuracy", ">runs"});
  for (const FigurePoint& p : data.points)
    if (p.panel == panel)
      table.add({p.curve, fmt::format("{:.4f}", p.rs),
                 fmt::format("{:.2f} ± {:.2f} %", p.accuracy * 100, p.accuracyDeviation * 100),
                 std::to_string(p.n)});
  return table.text(2);
}

std::string verdictText(const ContrastResult& contrast) {
  constexpr Color kColors[] = {Color::Green, Color::Red, Color::Yellow};
  const auto word = fmt::format("{:<9}", name(contrast.verdict));
  return fmt::format("  {}  {}\n", colored(word, kColors[static_cast<size_t>(contrast.verdict)]),
                     contrast.sentence);
}

void printReport(const FigureGrid& grid, const FigureData& data) {
  fmt::print("{}\n{}\n", colored(grid.figure->title, Color::Bold), grid.figure->source);
  for (const std::string& panel : grid.panels) {
    fmt::print("\n{} {}\n{}", grid.figure->panelKey, panel, panelTable(grid, data, panel));
    for (const ContrastResult& contrast : data.contrasts)
      if (contrast.panel == panel) fmt::print("{}", verdictText(contrast));
  }
  if (data.denseAccuracy) fmt::print("\ndense reference: test accuracy {}\n", percentText(*data.denseAccuracy));
}

Json figureJson(const FigureGrid& grid, const FigureData& data, const CellsOutcome& outcome,
                const std::filesystem::path& folder, const std::string& notDrawn) {
  Json json = {
      {"figure", grid.figure->name}, {"scale", name(grid.scale)},
      {"seeds", grid.seeds},         {"runs", grid.cells.size()},
      {"reused", outcome.reused},    {"seconds", outcome.seconds},
      {"out", folder.string()},      {"pictures_drawn", notDrawn.empty()},
      {"why_not_drawn", notDrawn},   {"dense_accuracy", data.denseAccuracy ? Json(*data.denseAccuracy) : Json()},
      {"points", Json::array()},     {"verdicts", Json::array()}};
  for (const FigurePoint& p : data.points)
    json["points"].push_back({{grid.figure->panelKey, p.panel},
                              {grid.figure->curveKey, p.curve},
                              {"n", p.n},
                              {"r_s", p.rs},
                              {"r_s_sd", p.rsDeviation},
                              {"test_accuracy", p.accuracy},
                              {"test_accuracy_sd", p.accuracyDeviation},
                              {"r_rel", p.reliable}});
  for (const ContrastResult& c : data.contrasts)
    json["verdicts"].push_back({{"name", c.name},
                                {grid.figure->panelKey, c.panel},
                                {"verdict", name(c.verdict)},
                                {"difference", c.difference},
                                {"low", c.low},
                                {"high", c.high},
                                {"sentence", c.sentence}});
  return json;
}

int act(const Options& options) {
  const Loudness loud = loudness(options.quiet);
  const FigureGrid grid = makeGridFor(options);
  const std::filesystem::path folder = options.out.empty() ? options.figure : options.out;
  const Problems unwritable = makeWritableFolder(folder);
  if (!unwritable.empty()) fail(ExitCode::Disk, unwritable);

  CellsOutcome outcome = runCells(grid.cells, homeFolder(options.home), options.jobs, loud, options.figure);
  if (outcome.interrupted) {
    complain("interrupted; the same command goes on: finished runs are reused and the others resumed");
    return outcome.exitCode;
  }
  const auto dense = denseReference(grid, options, loud, outcome.exitCode);
  const FigureData data = summarize(grid, outcome.results, dense);
  const Problems unwritten = writeFigureFiles(grid, outcome.results, data, folder);
  if (!unwritten.empty()) fail(ExitCode::Disk, unwritten);
  const std::string notDrawn = renderFigure(options.figure, folder);
  if (options.json)
    printJson(figureJson(grid, data, outcome, folder, notDrawn));
  else
    printReport(grid, data);
  if (!notDrawn.empty())
    say(fmt::format("the pictures {0}.png and {0}.svg were not drawn: {1}", options.figure, notDrawn));
  if (loud != Loudness::Quiet)
    say(fmt::format("{} runs ({} reused) in {}; files in {}", grid.cells.size(), outcome.reused,
                    durationText(outcome.seconds), folder.string()));
  return outcome.exitCode;
}

}  // namespace

Command addReproduce(CLI::App& program) {
  CLI::App* app = program.add_subcommand("reproduce", "Reproduce a figure of the paper, with a verdict");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  app->add_option("figure", options->figure, "See itoplab list figures")->type_name("FIGURE")->required();
  app->add_option("--scale", options->scale, "quick, standard or paper")->capture_default_str();
  app->add_option("--seeds", options->seeds, "Seeds a cell, instead of the scale's own number")
      ->check(CLI::Range(1, 10000));
  app->add_option("--jobs", options->jobs, "Runs at the same time; 0: one a core")->check(CLI::Range(0, 4096));
  app->add_flag("--dense", options->dense, "Train the dense reference too (slow)");
  app->add_option("--out", options->out, "Folder for the files (else ./FIGURE)")->type_name("DIR");
  addHome(*app, options->home);
  addJson(*app, options->json);
  addQuiet(*app, options->quiet);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
