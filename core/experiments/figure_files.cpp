// A figure as files: one row a run, one row a point, and the verdict.

#include "experiments/figures.h"
#include "parameters/parameter_table.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/paths.h"
#include "training/run_error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lab {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

struct RunRow {
  Cell cell;
  CellResult result;
  std::string panel, curve, run, state;
  std::optional<double> reliable;
};

Columns<RunRow> runColumns(const Figure& figure) {
  const auto from = [](std::string name, auto Config::*m) {
    return column<RunRow>(
        std::move(name), [m](auto& row) -> auto& { return row.cell.config.*m; });
  };
  const auto result = [](std::string name, auto RunResult::*m) {
    return column<RunRow>(
        std::move(name), [m](auto& row) -> auto& { return row.result.result.*m; });
  };
  const auto own = [](std::string name, auto RunRow::*m) {
    return column<RunRow>(
        std::move(name), [m](auto& row) -> auto& { return row.*m; });
  };
  return {own(std::string(figure.panelKey), &RunRow::panel),
          own(std::string(figure.curveKey), &RunRow::curve),
          from("method", &Config::method),
          from("seed", &Config::seed),
          own("status", &RunRow::state),
          result("test_accuracy", &RunResult::testAccuracy),
          result("best_validation_accuracy", &RunResult::bestValidationAccuracy),
          result("final_train_loss", &RunResult::finalTrainLoss),
          result("r_s", &RunResult::rs),
          result("r_s_excluding_dense", &RunResult::rsExcludingDense),
          own("r_rel", &RunRow::reliable),
          result("density", &RunResult::density),
          result("steps", &RunResult::steps),
          result("topology_updates", &RunResult::topologyUpdates),
          result("train_flops_relative_to_dense", &RunResult::trainFlopsRelativeToDense),
          result("train_seconds", &RunResult::trainSeconds),
          result("seconds", &RunResult::seconds),
          result("engine", &RunResult::engine),
          own("run", &RunRow::run)};
}

std::string runsCsv(const FigureGrid& grid, const std::vector<CellResult>& results) {
  const auto columns = runColumns(*grid.figure);
  std::string text = headerLine(columns);
  for (size_t i = 0; i < results.size(); ++i) {
    const Cell& cell = grid.cells[i];
    if (!results[i].finished()) continue;
    const auto& reliable = results[i].result.reliable;
    const auto found = reliable.find(cell.config.reliable_steps);
    appendRow(text, columns,
              {cell, results[i], cell.labels[0], cell.labels[1], results[i].directory.filename().string(),
               std::string(name(results[i].state)),
               found == reliable.end() ? std::nullopt : std::optional(found->second)});
  }
  return text;
}

Columns<FigurePoint> pointColumns(std::string_view panelKey, std::string_view curveKey) {
  const auto own = [](std::string_view name, auto FigurePoint::*m) {
    return column<FigurePoint>(
        std::string(name), [m](auto& row) -> auto& { return row.*m; });
  };
  return {own(panelKey, &FigurePoint::panel),
          own(curveKey, &FigurePoint::curve),
          own("n", &FigurePoint::n),
          own("test_accuracy_mean", &FigurePoint::accuracy),
          own("test_accuracy_standard_deviation", &FigurePoint::accuracyDeviation),
          own("r_s_mean", &FigurePoint::rs),
          own("r_s_standard_deviation", &FigurePoint::rsDeviation),
          own("r_rel_mean", &FigurePoint::reliable)};
}

std::string verdictJson(const FigureGrid& grid, const std::vector<CellResult>& results, const FigureData& data) {
  size_t finished = 0;
  for (const CellResult& result : results) finished += result.finished() ? 1 : 0;
  json object = {{"figure", grid.figure->name},
                 {"title", grid.figure->title},
                 {"source", grid.figure->source},
                 {"scale", name(grid.scale)},
                 {"seeds", grid.seeds},
                 {"runs", grid.cells.size()},
                 {"runs_finished", finished},
                 {"dense_test_accuracy", data.denseAccuracy ? json(*data.denseAccuracy) : json()},
                 {"expectations", json::array()}};
  for (const ContrastResult& c : data.contrasts)
    object["expectations"].push_back({{"name", c.name},
                                      {"paper", c.paper},
                                      {std::string(grid.figure->panelKey), c.panel},
                                      {"verdict", name(c.verdict)},
                                      {"difference", c.difference},
                                      {"low", c.low},
                                      {"high", c.high},
                                      {"sentence", c.sentence}});
  return object.dump(2) + "\n";
}

ContrastResult contrastFrom(const json& object, const std::string& panelKey) {
  ContrastResult c;
  object.at("name").get_to(c.name);
  object.at("paper").get_to(c.paper);
  object.at(panelKey).get_to(c.panel);
  const auto verdict = object.at("verdict").get<std::string>();
  c.verdict = verdict == name(Verdict::Pass)   ? Verdict::Pass
              : verdict == name(Verdict::Fail) ? Verdict::Fail
                                               : Verdict::Undecided;
  object.at("difference").get_to(c.difference);
  object.at("low").get_to(c.low);
  object.at("high").get_to(c.high);
  object.at("sentence").get_to(c.sentence);
  return c;
}

Problems readVerdict(const fs::path& file, const std::string& panelKey, FigureData& data) {
  const auto text = readWhole(file);
  if (!text) return text.problems();
  try {
    const json object = json::parse(text.value());
    if (const json& dense = object.at("dense_test_accuracy"); !dense.is_null())
      data.denseAccuracy = dense.get<double>();
    for (const json& expectation : object.at("expectations"))
      data.contrasts.push_back(contrastFrom(expectation, panelKey));
    return {};
  } catch (const json::exception& error) {
    return {{file.string(), fmt::format("{} is damaged: {}", file.string(), error.what())}};
  }
}

fs::path fileOf(const fs::path& folder, std::string_view figure, std::string_view ending) {
  return folder / fmt::format("{}.{}", figure, ending);
}

}  // namespace

Problems writeFigureFiles(const FigureGrid& grid, const std::vector<CellResult>& results, const FigureData& data,
                          const fs::path& folder) {
  if (Problems problems = makeWritableFolder(folder); !problems.empty()) return problems;
  const Figure& figure = *grid.figure;
  const auto columns = pointColumns(figure.panelKey, figure.curveKey);
  std::string summary = headerLine(columns);
  for (const FigurePoint& point : data.points) appendRow(summary, columns, point);
  try {
    writeWhole(fileOf(folder, figure.name, "csv"), runsCsv(grid, results));
    writeWhole(fileOf(folder, figure.name, "summary.csv"), summary);
    writeWhole(fileOf(folder, figure.name, "verdict.json"), verdictJson(grid, results, data));
    return {};
  } catch (const RunError& error) {
    return {{folder.string(), error.what()}};
  }
}

Result<FigureData> readFigureFiles(const fs::path& folder, std::string_view figureName) {
  const Figure* figure = findFigure(figureName);
  if (figure == nullptr)
    return Problem{std::string(figureName), fmt::format("there is no figure \"{}\"", figureName)};
  auto points =
      readTable(fileOf(folder, figureName, "summary.csv"), pointColumns(figure->panelKey, figure->curveKey));
  if (!points) return points.problems();
  FigureData data;
  data.points = points.take();
  Problems problems = readVerdict(fileOf(folder, figureName, "verdict.json"), std::string(figure->panelKey), data);
  if (!problems.empty()) return problems;
  return data;
}

}  // namespace lab
