#include "store/run_fields.h"

#include "store/csv.h"

#include <fmt/ranges.h>

#include <cmath>

namespace lab {

namespace {

using Number = std::optional<double>;

bool hasResult(const StoredRun& run) { return run.result.maskableWeights > 0; }

/// A member of the result, once there is one.
template <auto Member>
Number result(const StoredRun& run) {
  if (!hasResult(run)) return {};
  const auto value = static_cast<double>(run.result.*Member);
  return std::isfinite(value) ? Number(value) : Number();
}

Number accuracy(const StoredRun& run) {
  return run.progress && !run.result.testAccuracy ? run.progress->testAccuracy : run.result.testAccuracy;
}

Number rs(const StoredRun& run) {
  if (hasResult(run)) return run.result.rs;
  return run.progress ? Number(run.progress->rs) : Number();
}

Number reliable(const StoredRun& run) {
  const auto found = run.result.reliable.find(run.config.reliable_steps);
  return found == run.result.reliable.end() ? Number() : Number(found->second);
}

Number steps(const StoredRun& run) {
  if (hasResult(run)) return static_cast<double>(run.result.steps);
  return run.progress ? Number(static_cast<double>(run.progress->step)) : Number();
}

std::string tags(const StoredRun& run) { return fmt::format("{}", fmt::join(run.annotations.tags, " ")); }

constexpr RunField kFields[] = {
    {"run", "", "Run", "The name of the run's directory", nullptr, [](const StoredRun& r) { return r.id; }},
    {"status", "", "Status", "running, done, stopped, failed or crashed", nullptr,
     [](const StoredRun& r) { return std::string(name(r.status)); }},
    {"started", "", "Started", "When it was started, ISO 8601, UTC", nullptr,
     [](const StoredRun& r) { return r.started; }},
    {"tags", "tag", "Tags", "Words given to the run", nullptr, tags},
    {"note", "", "Note", "A note about the run", nullptr, [](const StoredRun& r) { return r.annotations.note; }},
    {"archived", "", "Archived", "yes when the run is put away", nullptr,
     [](const StoredRun& r) { return std::string(r.annotations.archived ? "yes" : "no"); }},
    {"test_accuracy", "accuracy", "Accuracy", "Test accuracy; of a run under way: so far", accuracy, nullptr,
     true},
    {"best_validation_accuracy", "validation", "Best validation", "Best validation accuracy",
     [](const StoredRun& r) { return r.result.bestValidationAccuracy; }, nullptr, true},
    {"final_train_loss", "loss", "Training loss", "Training loss of the last row",
     [](const StoredRun& r) { return r.result.finalTrainLoss; }},
    {"r_s", "rs", "R_s", "Share of all maskable weights that were ever active; of a run under way: so far", rs},
    {"r_s_excluding_dense", "", "R_s, sparse layers", "R_s without the layers that are dense",
     result<&RunResult::rsExcludingDense>},
    {"r_rel", "rrel", "R_rel", "Share explored in an unbroken life of at least reliable_steps steps", reliable},
    {"density", "", "Density", "Share of active weights at the end", result<&RunResult::density>, nullptr, true},
    {"active_weights", "", "Active weights", "At the end", result<&RunResult::activeWeights>},
    {"steps", "", "Steps", "Optimizer steps done", steps},
    {"topology_updates", "updates", "Updates", "Topology updates done", result<&RunResult::topologyUpdates>},
    {"train_flops_relative_to_dense", "flops", "FLOPs / dense", "Training FLOPs over those of the dense network",
     result<&RunResult::trainFlopsRelativeToDense>},
    {"train_seconds", "", "Training time", "Seconds of training alone", result<&RunResult::trainSeconds>},
    {"seconds", "", "Time", "Seconds from start to end", result<&RunResult::seconds>},
    {"engine_used", "", "Engine used", "The engine that trained it", nullptr,
     [](const StoredRun& r) { return r.result.engine; }},
    {"hash", "", "Hash", "The hash of its configuration", nullptr, [](const StoredRun& r) { return r.hash; }},
};

}  // namespace

std::span<const RunField> runFields() { return kFields; }

const RunField* findRunField(std::string_view key) {
  for (const RunField& field : kFields)
    if (!key.empty() && (field.key == key || field.shortKey == key)) return &field;
  return nullptr;
}

std::string fieldText(const RunField& field, const StoredRun& run) {
  if (field.text != nullptr) return field.text(run);
  std::string text;
  appendField(text, field.number(run));
  return text;
}

}  // namespace lab
