#include "stored_run.h"

#include "parameters/parameter_table.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

namespace lab::cli {

namespace {

Json configJson(const Config& config) {
  Json json = Json::object();
  for (const Parameter& parameter : parameters())
    std::visit([&](auto member) { json[std::string(parameter.key)] = config.*member; }, parameter.member);
  return json;
}

}  // namespace

Json storedRunJson(const StoredRun& run) {
  Json json = {{"id", run.id}, {"hash", run.hash}, {"started", run.started}};
  json.update(runJson(run.result, run.directory, name(run.status)));
  json["reason"] = run.reason;
  json["config"] = configJson(run.config);
  return json;
}

std::string ageText(const StoredRun& run) {
  std::tm utc{};
  if (strptime(run.started.c_str(), "%Y-%m-%dT%H:%M:%S", &utc) == nullptr) return "?";
  const auto seconds = std::max<int64_t>(0, std::time(nullptr) - timegm(&utc));
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 86400) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} d", seconds / 86400);
}

}  // namespace lab::cli
