// A figure as files: one row a run, one row a point, and the verdict.

#include "experiments/figure_data.h"
#include "parameters/parameter_table.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/paths.h"
#include "run_error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lab {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

struct RunRow {
  Cell cell;
  CellResult result;
  Place place;
  std::string run, state;
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
  const auto label = [](std::string_view name, auto Place::*m) {
    return column<RunRow>(
        std::string(name), [m](auto& row) -> auto& { return row.place.*m; });
  };
  Columns<RunRow> columns{label(figure.panelKey, &Place::panel)};
  if (!figure.seriesKey.empty() && figure.seriesKey != "method")
    columns.push_back(label(figure.seriesKey, &Place::series));
  columns.push_back(label(figure.curveKey, &Place::curve));
  const Columns<RunRow> common{
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
  columns.insert(columns.end(), common.begin(), common.end());
  return columns;
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
              {cell, results[i], placeOf(cell), results[i].directory.filename().string(),
               std::string(name(results[i].state)),
               found == reliable.end() ? std::nullopt : std::optional(found->second)});
  }
  return text;
}

Columns<FigurePoint> pointColumns(const Figure& figure) {
  const auto own = [](std::string_view name, auto FigurePoint::*m) {
    return column<FigurePoint>(
        std::string(name), [m](auto& row) -> auto& { return row.*m; });
  };
  Columns<FigurePoint> columns{own(figure.panelKey, &FigurePoint::panel)};
  if (!figure.seriesKey.empty()) columns.push_back(own(figure.seriesKey, &FigurePoint::series));
  const Columns<FigurePoint> common{own(figure.curveKey, &FigurePoint::curve),
          own("n", &FigurePoint::n),
          own("test_accuracy_mean", &FigurePoint::accuracy),
          own("test_accuracy_standard_deviation", &FigurePoint::accuracyDeviation),
          own("r_s_mean", &FigurePoint::rs),
          own("r_s_standard_deviation", &FigurePoint::rsDeviation),
          own("r_rel_mean", &FigurePoint::reliable),
          own("train_flops_mean", &FigurePoint::flops)};
  columns.insert(columns.end(), common.begin(), common.end());
  return columns;
}

Columns<MeasureRank> rankColumns(const Figure& figure) {
  const auto own = [](std::string_view name, auto MeasureRank::*m) {
    return column<MeasureRank>(
        std::string(name), [m](auto& row) -> auto& { return row.*m; });
  };
  return {own(figure.panelKey, &MeasureRank::panel),
          own("candidate", &MeasureRank::measure),
          own("k", &MeasureRank::k),
          own("rho", &MeasureRank::rho),
          own("low", &MeasureRank::low),
          own("high", &MeasureRank::high)};
}

template <class Row>
std::string tableText(const Columns<Row>& columns, const std::vector<Row>& rows) {
  std::string text = headerLine(columns);
  for (const Row& row : rows) appendRow(text, columns, row);
  return text;
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
  c.verdict = findVerdict(object.at("verdict").get<std::string>()).value_or(Verdict::Undecided);
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
  std::vector<FigurePoint> points = data.points;
  points.insert(points.end(), data.dense.begin(), data.dense.end());
  const bool ranked = figure.secondPlot == SecondPlot::RankCorrelation;
  try {
    writeWhole(fileOf(folder, figure.name, "csv"), runsCsv(grid, results));
    writeWhole(fileOf(folder, figure.name, "summary.csv"), tableText(pointColumns(figure), points));
    if (ranked) writeWhole(fileOf(folder, figure.name, "ranks.csv"), tableText(rankColumns(figure), data.ranks));
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
  auto points = readTable(fileOf(folder, figureName, "summary.csv"), pointColumns(*figure));
  if (!points) return points.problems();
  FigureData data;
  for (FigurePoint& point : points.value())
    (point.panel.empty() ? data.dense : data.points).push_back(std::move(point));
  if (figure->secondPlot == SecondPlot::RankCorrelation) {
    auto ranks = readTable(fileOf(folder, figureName, "ranks.csv"), rankColumns(*figure));
    if (!ranks) return ranks.problems();
    data.ranks = ranks.take();
  }
  Problems problems = readVerdict(fileOf(folder, figureName, "verdict.json"), std::string(figure->panelKey), data);
  if (!problems.empty()) return problems;
  return data;
}

}  // namespace lab
