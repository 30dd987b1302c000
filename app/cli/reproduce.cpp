// itoplab reproduce: a figure of the paper, from real runs, with a verdict.

#include "cells.h"
#include "command_text.h"
#include "commands.h"
#include "options.h"
#include "render.h"
#include "run_json.h"
#include "table.h"

#include "experiments/figure_data.h"
#include "experiments/finished_runs.h"
#include "experiments/report.h"
#include "store/files.h"
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
    "  itoplab reproduce all --out figures                 every figure that has the scale, one after another\n"
    "Finished runs are reused, failed ones tried again. Writes FIGURE.csv, FIGURE.summary.csv,\n"
    "FIGURE.verdict.json, FIGURE.png and FIGURE.svg, and all of it as one page, FIGURE.html. A verdict of \"fail\"\n"
    "is a result, not an error: the exit code tells whether all runs ended well.";

constexpr const char* kAll = "all";

struct Options {
  std::string figure, scale = "quick", out, home;
  int seeds = 0, jobs = 0;
  bool dense = false, json = false, quiet = false;
};

const Figure& figureCalled(const std::string& name) {
  const Figure* figure = findFigure(name);
  if (figure != nullptr) return *figure;
  std::vector<std::string> names{kAll};
  for (const Figure& each : figures()) names.emplace_back(each.name);
  const std::string meant = nearest(name, names);
  throw RunError(ExitCode::Usage, fmt::format("unknown figure '{}'; {}", name,
                                              meant.empty() ? "see itoplab list figures"
                                                            : "did you mean " + meant + "?"));
}

FigureScale scaleCalled(const std::string& name) {
  if (const auto scale = findScale(name)) return *scale;
  throw RunError(ExitCode::Usage, fmt::format("unknown scale '{}'; it must be quick, standard or paper", name));
}

FigureGrid gridFor(const Figure& figure, const Options& options) {
  FigureGrid grid =
      need(makeFigure(figure, scaleCalled(options.scale), options.seeds), ExitCode::Configuration);
  for (std::vector<Cell>* cells : {&grid.cells, &grid.references})
    for (Cell& cell : *cells) cell.config.data_root = dataRootOfEnvironment();
  return grid;
}

/// What keeps a figure's runs from beginning; runs that are finished need no data.
Problems missingFor(const FigureGrid& grid, const Options& options) {
  const FinishedRuns finished(homeFolder(options.home));
  for (const Cell& cell : grid.cells)
    if (Problems missing = missingData(cell.config); !missing.empty() && !finished.find(cell.config)) return missing;
  return {};
}

/// The dense references: run now when asked for, otherwise taken where their runs are there.
std::vector<CellResult> denseReferences(const FigureGrid& grid, const Options& options, Loudness loud, int& code) {
  if (grid.references.empty()) return {};
  const auto home = homeFolder(options.home);
  if (options.dense) {
    CellsOutcome outcome = runCells(grid.references, home, options.jobs, loud, "dense reference");
    if (code == 0) code = outcome.exitCode;
    if (loud != Loudness::Quiet) say(fmt::format("dense reference: {}", durationText(outcome.seconds)));
    return std::move(outcome.results);
  }
  const FinishedRuns finished(home);
  std::vector<CellResult> found;
  for (const Cell& cell : grid.references) found.push_back(finished.find(cell.config).value_or(CellResult{}));
  return found;
}

std::string panelTable(const FigureGrid& grid, const FigureData& data, const std::string& panel) {
  const bool withFlops = grid.figure->secondPlot == SecondPlot::AgainstFlops;
  std::vector<std::string> titles;
  if (!grid.series.empty()) titles.push_back(std::string(grid.figure->seriesKey));
  titles.insert(titles.end(), {">" + std::string(grid.figure->curveKey), ">R_s", ">test accuracy", ">runs"});
  if (withFlops) titles.push_back(">training FLOPs");
  Table table(titles);
  for (const FigurePoint& p : data.points) {
    if (p.panel != panel) continue;
    std::vector<std::string> row;
    if (!grid.series.empty()) row.push_back(p.series);
    row.insert(row.end(), {p.curve, fmt::format("{:.4f}", p.rs),
                           fmt::format("{:.2f} ± {:.2f} %", p.accuracy * 100, p.accuracyDeviation * 100),
                           std::to_string(p.n)});
    if (withFlops) row.push_back(fmt::format("{:.3g}", p.flops));
    table.add(std::move(row));
  }
  return table.text(2);
}

std::string verdictText(const ContrastResult& contrast) {
  constexpr Color kColors[] = {Color::Green, Color::Red, Color::Yellow};
  const auto word = fmt::format("{:<9}", name(contrast.verdict));
  return fmt::format("  {}  {}: {}\n", colored(word, kColors[static_cast<size_t>(contrast.verdict)]), contrast.name,
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
  for (const FigurePoint& p : data.dense)
    fmt::print("{}dense reference, {} {}: test accuracy {}\n", &p == data.dense.data() ? "\n" : "",
               grid.figure->curveKey, p.curve, percentText(p.accuracy));
}

Json pointJson(const Figure& figure, const FigurePoint& p) {
  Json json = {{figure.panelKey, p.panel},
               {figure.curveKey, p.curve},
               {"n", p.n},
               {"r_s", p.rs},
               {"r_s_sd", p.rsDeviation},
               {"test_accuracy", p.accuracy},
               {"test_accuracy_sd", p.accuracyDeviation},
               {"r_rel", p.reliable},
               {"train_flops", p.flops}};
  if (!figure.seriesKey.empty()) json[figure.seriesKey] = p.panel.empty() ? "dense" : p.series;
  return json;
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
  for (const FigurePoint& p : data.points) json["points"].push_back(pointJson(*grid.figure, p));
  for (const FigurePoint& p : data.dense) json["points"].push_back(pointJson(*grid.figure, p));
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

std::string pictureIn(const std::filesystem::path& folder, const std::string& figure) {
  auto svg = readWhole(folder / (figure + ".svg"));
  return svg ? svg.take() : std::string();
}

void writeReport(const ReportInput& report, const std::filesystem::path& file) {
  try {
    writeWhole(file, reportHtml(report));
  } catch (const RunError& error) {
    fail(ExitCode::Disk, {{file.string(), error.what()}});
  }
}

/// Runs one figure and writes its files; its report as JSON, or printed.
int reproduce(const FigureGrid& grid, const std::filesystem::path& folder, const Options& options, Json& report) {
  const Loudness loud = loudness(options.quiet);
  const std::string figure(grid.figure->name);
  CellsOutcome outcome = runCells(grid.cells, homeFolder(options.home), options.jobs, loud, figure);
  if (outcome.interrupted) {
    complain("interrupted; the same command goes on: finished runs are reused and the others resumed");
    return outcome.exitCode;
  }
  const auto dense = denseReferences(grid, options, loud, outcome.exitCode);
  const FigureData data = summarize(grid, outcome.results, dense);
  const Problems unwritten = writeFigureFiles(grid, outcome.results, data, folder);
  if (!unwritten.empty()) fail(ExitCode::Disk, unwritten);
  const std::string notDrawn = renderFigure(figure, folder);
  writeReport({grid, outcome.results, data, notDrawn.empty() ? pictureIn(folder, figure) : "",
               reportEnvironment(LAB_VERSION, commandLineText())},
              folder / (figure + ".html"));
  if (options.json)
    report = figureJson(grid, data, outcome, folder, notDrawn);
  else
    printReport(grid, data);
  if (!notDrawn.empty()) say(fmt::format("the pictures {0}.png and {0}.svg were not drawn: {1}", figure, notDrawn));
  if (loud != Loudness::Quiet)
    say(fmt::format("{} runs ({} reused) in {}; files in {}", grid.cells.size(), outcome.reused,
                    durationText(outcome.seconds), folder.string()));
  return outcome.exitCode;
}

/// Every figure that the scale has, into one folder. The exit code is that of the first figure with a failed run.
int reproduceAll(const std::filesystem::path& folder, const Options& options) {
  Json reports = Json::array();
  int code = 0;
  const FigureScale scale = scaleCalled(options.scale);
  for (const Figure& figure : figures()) {
    if (std::ranges::find(figure.scales, scale) == figure.scales.end()) continue;
    const FigureGrid grid = gridFor(figure, options);
    if (const Problems missing = missingFor(grid, options); !missing.empty()) {
      complain(fmt::format("{} is left out: {}", figure.name, describe(missing)));
      if (code == 0) code = static_cast<int>(ExitCode::Data);
      continue;
    }
    Json report;
    const int own = reproduce(grid, folder, options, report);
    if (own > 128) return own;
    if (code == 0) code = own;
    reports.push_back(std::move(report));
    if (!options.json) fmt::print("\n");
  }
  if (options.json) printJson({{"figures", std::move(reports)}});
  return code;
}

int act(const Options& options) {
  const bool all = options.figure == kAll;
  const std::optional<FigureGrid> grid =
      all ? std::nullopt : std::optional(gridFor(figureCalled(options.figure), options));
  if (const Problems missing = grid ? missingFor(*grid, options) : Problems{}; !missing.empty())
    fail(ExitCode::Data, missing);
  const std::filesystem::path folder = !options.out.empty() ? options.out : all ? "figures" : options.figure;
  const Problems unwritable = makeWritableFolder(folder);
  if (!unwritable.empty()) fail(ExitCode::Disk, unwritable);
  if (all) return reproduceAll(folder, options);
  Json report;
  const int code = reproduce(*grid, folder, options, report);
  if (options.json && code <= 128) printJson(report);
  return code;
}

}  // namespace

Command addReproduce(CLI::App& program) {
  CLI::App* app = program.add_subcommand("reproduce", "Reproduce a figure of the paper, or all, with verdicts");
  app->footer(kExamples);
  auto options = std::make_shared<Options>();
  app->add_option("figure", options->figure, "See itoplab list figures; or all")->type_name("FIGURE")->required();
  app->add_option("--scale", options->scale, "quick, standard or paper")->capture_default_str();
  app->add_option("--seeds", options->seeds, "Seeds a cell, instead of the scale's own number")
      ->check(CLI::Range(1, 10000));
  app->add_option("--jobs", options->jobs, "Runs at the same time; 0: one a core")->check(CLI::Range(0, 4096));
  app->add_flag("--dense", options->dense, "Train the dense references too (slow)");
  app->add_option("--out", options->out, "Folder for the files (else ./FIGURE, or ./figures for all)")->type_name("DIR");
  addHome(*app, options->home);
  addJson(*app, options->json);
  addQuiet(*app, options->quiet);
  return {app, [options] { return act(*options); }};
}

}  // namespace lab::cli
