#include "engine_rows.h"

#include "engines.h"

#include "data/data_info.h"
#include "network/models.h"
#include "parameters/parameter_table.h"

namespace lab::cli {

namespace {

/// Why an engine does not train what the configuration says; empty when it does.
std::string refusalOf(const EngineInfo& engine, const Config& config) {
  const auto data = dataInfoFor(config);
  if (!data) return describe(data.problems());
  const auto network = makeNetwork(config, data.value().shape, data.value().classes);
  return network ? engine.refusal(network.value(), config) : describe(network.problems());
}

/// What an engine found on this machine, and how busy that is.
Json foundBy(const EngineInfo* engine) {
  Json found = {{"detail", engine == nullptr ? "" : engine->detail}};
  found["found"] = found["detail"];
  for (const char* key : {"memory_used", "memory_total", "utilisation"}) found[key] = nullptr;
  const auto load = engine == nullptr || !engine->load ? std::nullopt : engine->load();
  if (!load) return found;
  found["memory_used"] = load->usedBytes;
  found["memory_total"] = load->totalBytes;
  if (load->utilisation) found["utilisation"] = *load->utilisation;
  found["found"] = engine->detail + (engine->detail.empty() ? "" : ", ") + describe(*load);
  return found;
}

}  // namespace

std::vector<Json> engineRows(const Config& config) {
  const EngineRegistry engines = makeEngines();
  std::vector<Json> rows;
  for (const std::string& engine : findParameter("engine")->choices()) {
    if (engine == "auto") continue;
    const EngineInfo* info = engines.find(engine);
    const std::string why = info == nullptr ? "this program was built without it" : refusalOf(*info, config);
    rows.push_back({{"name", engine},
                    {"help", info == nullptr ? "" : info->help},
                    {"offered", why.empty()},
                    {"why_not", why}});
    rows.back().update(foundBy(info));
  }
  return rows;
}

}  // namespace lab::cli
