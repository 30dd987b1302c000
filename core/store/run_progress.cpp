#include "store/run_progress.h"

#include "store/csv.h"
#include "store/record_tables.h"

#include <algorithm>
#include <fstream>

namespace lab {

namespace {

constexpr std::streamoff kTail = 16 << 10;

/// The header and the last whole lines of a table.
std::string endOf(const std::filesystem::path& table) {
  std::ifstream file(table, std::ios::binary);
  std::string header;
  if (!std::getline(file, header)) return {};
  const std::streamoff rows = file.tellg();
  file.seekg(0, std::ios::end);
  const std::streamoff size = file.tellg(), begin = std::max(rows, size - kTail);
  file.seekg(begin);
  std::string tail(static_cast<size_t>(std::max<std::streamoff>(0, size - begin)), '\0');
  file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  if (!file) return {};
  if (begin > rows) tail.erase(0, tail.find('\n') + 1);
  return header + "\n" + tail;
}

}  // namespace

double StoredProgress::fraction() const {
  if (plannedSteps <= 0) return 0;
  return std::clamp(static_cast<double>(step) / static_cast<double>(plannedSteps), 0.0, 1.0);
}

std::optional<StoredProgress> readProgress(const std::filesystem::path& run) {
  const auto records = parseCsv(endOf(run / "metrics.csv"), "metrics.csv");
  if (!records || records.value().size() < 2) return {};
  const auto& header = records.value().front().fields;
  std::optional<StoredProgress> progress;
  std::optional<double> accuracy;
  for (size_t r = 1; r < records.value().size(); ++r) {
    const auto& fields = records.value()[r].fields;
    if (fields.size() != header.size()) return {};
    Metrics row;
    for (const auto& column : metricsColumns()) {
      const auto place = static_cast<size_t>(std::ranges::find(header, column.name) - header.begin());
      if (place == header.size() || !column.read(fields[place], row)) return {};
    }
    if (row.testAccuracy) accuracy = row.testAccuracy;
    progress = StoredProgress{row.step, row.plannedSteps, row.rs, accuracy};
  }
  return progress;
}

}  // namespace lab
