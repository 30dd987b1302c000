#include "engines/engine.h"

#include "topology/methods.h"

#include <fmt/format.h>

#include <algorithm>

namespace lab {

std::string describe(const DeviceLoad& load) {
  constexpr double kGibibyte = 1 << 30;
  std::string text = fmt::format("{:.1f} of {:.1f} GiB used", static_cast<double>(load.usedBytes) / kGibibyte,
                                 static_cast<double>(load.totalBytes) / kGibibyte);
  if (load.utilisation) text += fmt::format(", {:.0f} % busy", 100 * *load.utilisation);
  return text;
}

const EngineInfo* EngineRegistry::find(std::string_view name) const {
  const auto info = std::find_if(engines_.begin(), engines_.end(), [&](const auto& e) { return e.name == name; });
  return info == engines_.end() ? nullptr : &*info;
}

namespace {

std::string names(std::span<const EngineInfo> engines) {
  std::string text = "auto";
  for (const EngineInfo& engine : engines) text += ", " + engine.name;
  return text;
}

/// Below this sparsity sparse arithmetic is slower than dense.
constexpr double kWorthwhileSparsity = 0.8;

/// Whether all or most of the training is of a network that is dense or nearly so.
bool suitsDenseArithmetic(const Config& config) {
  const Method* method = findMethod(config.method);
  if (method == nullptr) return false;
  const bool startsDense = method->course == Course::Rounds || method->course == Course::Learned ||
                           (method->course == Course::Pruning && config.initial_sparsity < kWorthwhileSparsity);
  return !method->sparse || startsDense;
}

}  // namespace

Result<EngineRegistry::Choice> EngineRegistry::choose(const NetworkSpec& network, const Config& config) const {
  if (config.engine != "auto") {
    const EngineInfo* asked = find(config.engine);
    if (asked == nullptr)
      return Problem{"engine", "engine '" + config.engine + "' is unknown; this program has " + names(engines_)};
    if (const std::string why = asked->refusal(network, config); !why.empty())
      return Problem{"engine", "engine '" + config.engine + "' cannot train this: " + why};
    return Choice{asked, "asked for"};
  }
  std::vector<const EngineInfo*> order;
  for (const EngineInfo& engine : engines_) order.push_back(&engine);
  const bool dense = suitsDenseArithmetic(config);
  if (dense)
    std::stable_partition(order.begin(), order.end(), [](const EngineInfo* e) { return !e->sparseArithmetic; });
  std::string passedOver;
  for (const EngineInfo* engine : order) {
    const std::string why = engine->refusal(network, config);
    if (why.empty()) {
      const std::string reason = dense && !engine->sparseArithmetic ? "dense arithmetic suits a network that is dense at first"
                                 : engine->sparseArithmetic         ? "its arithmetic is truly sparse"
                                                                    : "it takes this network";
      return Choice{engine, reason + passedOver};
    }
    passedOver += "; not " + engine->name + ": " + why;
  }
  return Problem{"engine", "no engine of this program can train this" + passedOver};
}

}  // namespace lab
