#include "store/compare.h"

#include "parameters/parameter_table.h"

#include <algorithm>

namespace lab {

namespace {

std::vector<Difference> parameterDifferences(const Config& a, const Config& b) {
  std::vector<Difference> differences;
  for (const Parameter& parameter : parameters())
    if (valueText(a, parameter) != valueText(b, parameter))
      differences.push_back({std::string(parameter.key), valueText(a, parameter), valueText(b, parameter)});
  return differences;
}

bool isClock(const std::string& column) { return column == "train_seconds" || column == "seconds"; }

std::vector<Difference> columnDifferences(const Metrics& a, const Metrics& b) {
  std::vector<Difference> differences;
  for (const Column<Metrics>& column : metricsColumns()) {
    Difference difference{column.name, {}, {}};
    column.write(difference.a, a);
    column.write(difference.b, b);
    if (difference.a != difference.b && !isClock(column.name)) differences.push_back(std::move(difference));
  }
  return differences;
}

std::optional<RowDifference> firstDifference(const std::vector<Metrics>& a, const std::vector<Metrics>& b) {
  const size_t both = std::min(a.size(), b.size());
  for (size_t r = 0; r < both; ++r)
    if (auto columns = columnDifferences(a[r], b[r]); !columns.empty())
      return RowDifference{r + 1, a[r].step, b[r].step, std::move(columns)};
  if (a.size() == b.size()) return std::nullopt;
  RowDifference missing{both + 1, std::nullopt, std::nullopt, {}};
  if (a.size() > both) missing.stepA = a[both].step;
  if (b.size() > both) missing.stepB = b[both].step;
  return missing;
}

}  // namespace

Result<Comparison> compareRuns(const std::filesystem::path& a, const std::filesystem::path& b) {
  auto runA = readRun(a), runB = readRun(b);
  if (!runA) return runA.problems();
  if (!runB) return runB.problems();
  const auto rowsA = readMetrics(a), rowsB = readMetrics(b);
  if (!rowsA) return rowsA.problems();
  if (!rowsB) return rowsB.problems();
  Comparison comparison;
  comparison.a = runA.take();
  comparison.b = runB.take();
  comparison.parameters = parameterDifferences(comparison.a.config, comparison.b.config);
  comparison.firstRow = firstDifference(rowsA.value(), rowsB.value());
  comparison.rowsA = rowsA.value().size();
  comparison.rowsB = rowsB.value().size();
  return comparison;
}

}  // namespace lab
