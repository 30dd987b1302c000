#include "experiments/sweep_table.h"

#include "experiments/statistics.h"
#include "store/csv.h"

#include <optional>

namespace lab {

std::vector<std::string> keysOf(const std::vector<Axis>& axes) {
  std::vector<std::string> keys;
  for (const Axis& axis : axes) keys.push_back(axis.key);
  return keys;
}

std::vector<Combination> combine(const std::vector<Cell>& cells, const std::vector<CellResult>& results) {
  std::vector<Combination> combinations;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (combinations.empty() || combinations.back().labels != cells[i].labels)
      combinations.push_back({cells[i].labels, {}, {}});
    if (!results[i].finished() || !results[i].result.testAccuracy) continue;
    combinations.back().accuracy.push_back(*results[i].result.testAccuracy);
    combinations.back().rs.push_back(results[i].result.rs);
  }
  return combinations;
}

std::string sweepRunsCsv(const std::vector<std::string>& keys, const std::vector<Cell>& cells,
                         const std::vector<CellResult>& results) {
  std::string text;
  for (const std::string& key : keys) text += key + ",";
  text +=
      "seed,state,test_accuracy,best_validation_accuracy,final_train_loss,r_s,r_rel,density,steps,"
      "train_seconds,run\n";
  for (size_t i = 0; i < cells.size(); ++i) {
    const RunResult& r = results[i].result;
    for (const std::string& label : cells[i].labels) appendField(text, label), text += ',';
    const auto reliable = r.reliable.find(cells[i].config.reliable_steps);
    const auto put = [&text](const auto& value) { appendField(text, value), text += ','; };
    put(cells[i].config.seed);
    put(name(results[i].state));
    put(r.testAccuracy);
    put(r.bestValidationAccuracy);
    put(r.finalTrainLoss);
    put(r.rs);
    put(reliable == r.reliable.end() ? std::optional<double>() : std::optional(reliable->second));
    put(r.density);
    put(r.steps);
    put(r.trainSeconds);
    appendField(text, results[i].directory.string());
    text += '\n';
  }
  return text;
}

std::string sweepSummaryCsv(const std::vector<std::string>& keys, const std::vector<Combination>& combinations) {
  std::string text;
  for (const std::string& key : keys) text += key + ",";
  text += "n,test_accuracy_mean,test_accuracy_sd,r_s_mean,r_s_sd\n";
  for (const Combination& c : combinations) {
    for (const std::string& label : c.labels) appendField(text, label), text += ',';
    text += std::to_string(c.accuracy.size());
    for (const double value : {mean(c.accuracy), deviation(c.accuracy), mean(c.rs), deviation(c.rs)})
      text += ',', appendField(text, value);
    text += '\n';
  }
  return text;
}

}  // namespace lab
