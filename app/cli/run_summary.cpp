#include "run_summary.h"

#include "table.h"
#include "terminal.h"

#include <fmt/format.h>

namespace lab::cli {

std::string runSummary(const RunResult& result, const std::filesystem::path& directory, std::string_view status) {
  std::string text = fmt::format("{} after {} steps in {}, engine {}\n", status, countText(result.steps),
                                 durationText(result.seconds), result.engine);
  const auto line = [&](std::string_view what, const std::string& value) {
    text += fmt::format("  {:<20} {}\n", what, value);
  };
  if (!result.reason.empty()) line("reason", result.reason);
  if (result.testAccuracy) line("test accuracy", percentText(*result.testAccuracy));
  if (result.bestValidationAccuracy) line("best validation", percentText(*result.bestValidationAccuracy));
  if (result.finalTrainLoss) line("training loss", fmt::format("{:.4f}", *result.finalTrainLoss));
  if (result.maskableWeights > 0) {
    line("R_s", fmt::format("{:.4f}", result.rs));
    line("weights", fmt::format("{} of {} active, density {}", countText(result.activeWeights),
                                countText(result.maskableWeights), percentText(result.density)));
    line("topology updates", countText(result.topologyUpdates));
    line("training FLOPs", fmt::format("{:.4f} of dense training", result.trainFlopsRelativeToDense));
  }
  if (!directory.empty()) line("recorded in", directory.string());
  return text;
}

std::string layerTable(const RunResult& result) {
  Table table({"layer", ">weights", ">active", ">density", ">explored", ">R_s"});
  for (size_t l = 0; l < result.layers.size(); ++l) {
    const LayerExploration& layer = result.layers[l];
    table.add({result.layerInfo[l].name, countText(layer.weights), countText(layer.active),
               percentText(static_cast<double>(layer.active) / static_cast<double>(layer.weights)),
               countText(layer.explored), fmt::format("{:.4f}", layer.rs())});
  }
  return table.empty() ? "" : table.text(2);
}

}  // namespace lab::cli
