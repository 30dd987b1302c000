#include "store/run_export.h"

#include "parameters/config_builder.h"
#include "store/csv.h"
#include "store/files.h"
#include "store/paths.h"
#include "store/run_fields.h"
#include "run_error.h"

#include <fmt/format.h>

#include <system_error>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTables[] = {"config.toml", "metrics.csv", "layers.csv", "events.csv", "survival.csv"};

void exportTables(const StoredRun& run, const fs::path& folder) {
  fs::create_directories(folder);
  for (const char* table : kTables) {
    std::error_code ignored;
    if (!fs::exists(run.directory / table, ignored)) continue;  // survival.csv comes with the end
    const auto content = readWhole(run.directory / table);
    if (!content) throw RunError(ExitCode::Data, describe(content.problems()));
    writeWhole(folder / table, content.value());
  }
}

template <class Work>
void collect(Problems& problems, const fs::path& where, Work work) {
  try {
    work();
  } catch (const RunError& error) {
    problems.push_back({where.string(), error.what()});
  } catch (const fs::filesystem_error& error) {
    problems.push_back(
        {where.string(), fmt::format("{} cannot be written: {}", where.string(), error.code().message())});
  }
}

}  // namespace

std::string runsCsv(const std::vector<StoredRun>& runs) {
  std::string text;
  for (const RunField& field : runFields()) text += (text.empty() ? "" : ",") + std::string(field.key);
  for (const Parameter& parameter : parameters()) text += "," + std::string(parameter.key);
  text += '\n';
  for (const StoredRun& run : runs) {
    const auto idle = idleParameters(run.config);
    std::string line;
    for (const RunField& field : runFields()) {
      if (field.key != runFields().front().key) line += ',';
      appendField(line, std::string_view(fieldText(field, run)));
    }
    for (const Parameter& parameter : parameters()) {
      line += ',';
      if (!idle.contains(std::string(parameter.key)))
        appendField(line, std::string_view(valueText(run.config, parameter)));
    }
    text += line + '\n';
  }
  return text;
}

Problems exportRuns(const std::vector<StoredRun>& runs, const fs::path& folder) {
  Problems problems = makeWritableFolder(folder);
  if (!problems.empty()) return problems;
  collect(problems, folder / "runs.csv", [&] { writeWhole(folder / "runs.csv", runsCsv(runs)); });
  for (const StoredRun& run : runs)
    collect(problems, folder / run.id, [&] { exportTables(run, folder / run.id); });
  return problems;
}

}  // namespace lab
