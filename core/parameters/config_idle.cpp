// Which parameters have no effect under a configuration, and why.

#include "data/augmentation.h"
#include "data/data_info.h"
#include "network/models.h"
#include "network/network_toml.h"
#include "parameters/config_builder.h"
#include "topology/methods.h"
#include "topology/schedule.h"
#include "training/learning_rate.h"

#include <fmt/format.h>

#include <initializer_list>

namespace lab {

namespace {

using Keys = std::initializer_list<const char*>;

/// Collects reasons; the first one given for a key stays.
class Idle {
 public:
  void add(Keys keys, const std::string& reason) {
    for (const char* key : keys) reasons_.emplace(key, reason);
  }
  void addIf(bool holds, Keys keys, const std::string& reason) {
    if (holds) add(keys, reason);
  }
  std::map<std::string, std::string> take() { return std::move(reasons_); }

 private:
  std::map<std::string, std::string> reasons_;
};

/// Why the topology of this configuration never changes; empty when it does.
std::string whyNoUpdates(const Config& config, const Method& method) {
  if (!method.changesTopology()) return fmt::format("method {} never changes its connections", config.method);
  if (config.sparsity == 0 && method.course != Course::Learned)
    return "sparsity 0 leaves no inactive connection to explore";
  return {};
}

/// Parameters of topology updates: all of the group but the method itself and what holds for every run.
bool isAboutUpdates(const Parameter& parameter) {
  return parameter.group == Group::Exploration && parameter.key != "method" && parameter.key != "reliable_steps" &&
         parameter.key != "semantics";
}

void addData(Idle& idle, const Config& config) {
  idle.addIf(config.dataset != "synthetic", {"synthetic_shape", "synthetic_classes"},
             fmt::format("dataset {} is not made but read", config.dataset));
  idle.addIf(!readsPadding(config), {"augmentation_padding"},
             fmt::format("augmentation {} shifts nothing", config.augmentation));
  const DatasetInfo* dataset = findDataset(config.dataset);
  idle.addIf(dataset != nullptr && dataset->format == DataFormat::ImageFolder, {"image_fit"},
             fmt::format("the photographs of {} are cut to squares", config.dataset));
  idle.addIf(config.image_size == 0, {"image_fit"}, "image_size 0 leaves the images as they come");
}

void addStart(Idle& idle, const Config& config, const Method& method) {
  const Keys start{"initial_mask", "initial_mask_samples", "constraint", "initial_sparsity"};
  if (!method.sparse) {
    idle.add({"sparsity", "distribution"}, fmt::format("method {} keeps every connection", config.method));
    idle.add(start, fmt::format("method {} keeps every connection", config.method));
  }
  if (method.course == Course::Learned) {
    idle.add({"sparsity", "distribution"}, fmt::format("method {} finds its own sparsity", config.method));
    idle.add(start, fmt::format("method {} starts dense", config.method));
  }
  if (method.course == Course::Rounds) {
    idle.add({"distribution"}, fmt::format("method {} prunes by magnitude, layer by layer alike or globally", config.method));
    idle.add(start, fmt::format("method {} starts dense", config.method));
  }
  if (method.course == Course::Pruning) {
    idle.addIf(config.initial_sparsity == 0, {"initial_mask", "initial_mask_samples"}, "initial_sparsity 0 starts dense");
    idle.addIf(config.initial_sparsity == 0 && config.pruning_scope == "global", {"distribution"},
               "pruning_scope global shares the connections by magnitude");
  } else {
    idle.add({"initial_sparsity"}, fmt::format("method {} does not prune gradually", config.method));
  }
  idle.addIf(config.initial_mask != "random" && method.course == Course::Steady, {"distribution"},
             fmt::format("initial_mask {} shares the connections over the network", config.initial_mask));
  idle.addIf(config.initial_mask != "snip" && config.initial_mask != "grasp", {"initial_mask_samples"},
             fmt::format("initial_mask {} looks at no images", config.initial_mask));
}

void addCourse(Idle& idle, const Config& config, const Method& method) {
  const Keys exchange{"prune_rate",   "prune_schedule", "prune_rate_floor", "grow",
                      "redistribution", "regrow_dropped", "keep_regrown"};
  if (method.course == Course::Rounds) {
    const std::string why = fmt::format("method {} prunes between its rounds and grows nothing", config.method);
    idle.add(exchange, why);
    idle.add({"update_interval", "update_begin", "update_end", "update_order"}, why);
  } else {
    idle.add({"round_prune_rate", "rewind_epoch"}, fmt::format("method {} has no rounds", config.method));
  }
  if (method.course == Course::Learned) {
    const std::string why = fmt::format("method {} learns which connections are active", config.method);
    idle.add(exchange, why);
    idle.add({"drop", "pruning_scope", "update_begin", "update_end", "update_order"}, why);
  } else {
    idle.add({"threshold_start"}, fmt::format("method {} learns no thresholds", config.method));
  }
}

void addRules(Idle& idle, const Config& config, const Method& method) {
  const auto chosen = rulesFor({config.method, config.drop, config.grow, config.redistribution, config.pruning_scope});
  if (!chosen) return;
  const Rules& rules = chosen.value();
  idle.addIf(method.course == Course::Pruning && rules.grow == GrowRule::None,
             {"prune_rate", "prune_schedule", "prune_rate_floor", "redistribution", "regrow_dropped", "keep_regrown"},
             fmt::format("method {} grows nothing", config.method));
  idle.addIf(rules.drop == DropRule::Threshold, {"prune_rate", "prune_schedule", "prune_rate_floor"},
             "drop threshold drops what is below it, however many");
  idle.addIf(rules.isThreshold(), {"pruning_scope"}, "a threshold is the same for all layers");
  idle.addIf(!rules.isThreshold(), {"drop_threshold"}, "the drop rule has no threshold");
  idle.addIf(rules.drop != DropRule::Soft, {"drop_temperature"}, "the drop rule has no temperature");
  idle.addIf(!config.regrow_dropped, {"keep_regrown"}, "regrow_dropped is false");
}

bool hasNorms(const Config& config) {
  const auto data = dataInfoFor(config);
  if (!data) return true;
  const auto network = makeNetwork(config, data.value().shape, data.value().classes);
  return !network || !normLayers(network.value()).empty();
}

void addOptimizer(Idle& idle, const Config& config) {
  if (config.optimizer == kAdam)
    idle.add({"momentum", "nesterov"}, "optimizer adam has moments of its own");
  else
    idle.add({"adam_beta1", "adam_beta2", "adam_epsilon"}, fmt::format("optimizer {} is not adam", config.optimizer));
  idle.addIf(config.momentum == 0, {"nesterov"}, "momentum is 0");
  idle.addIf(config.weight_decay == 0, {"weight_decay_on_norms"}, "weight_decay is 0");
  idle.addIf(!hasNorms(config), {"weight_decay_on_norms"}, fmt::format("model {} has no batch norm", config.model));
  const LearningRateSchedule* schedule = findLearningRateSchedule(config.learning_rate_schedule);
  idle.addIf(schedule != nullptr && !schedule->usesMilestones, {"learning_rate_milestones", "learning_rate_decay"},
             fmt::format("learning_rate_schedule {} has no milestones", config.learning_rate_schedule));
}

}  // namespace

std::map<std::string, std::string> idleParameters(const Config& config) {
  Idle idle;
  addData(idle, config);
  const Model* model = findModel(config.model);
  if (isNetworkFile(config.model) || (model != nullptr && !model->readsHiddenWidths))
    idle.add({"hidden_widths"}, fmt::format("model {} has layers of fixed widths", config.model));
  addOptimizer(idle, config);
  if (const Method* method = findMethod(config.method)) {
    if (const std::string still = whyNoUpdates(config, *method); !still.empty())
      for (const Parameter& parameter : parameters())
        if (isAboutUpdates(parameter)) idle.add({parameter.key.data()}, still);
    addStart(idle, config, *method);
    addCourse(idle, config, *method);
    addRules(idle, config, *method);
  }
  idle.addIf(config.engine == "sparse" || config.engine == "masked", {"precision"},
             fmt::format("engine {} computes in float32", config.engine));
  if (const PruneSchedule* schedule = findPruneSchedule(config.prune_schedule); schedule && !schedule->usesFloor)
    idle.add({"prune_rate_floor"}, fmt::format("prune_schedule {} has no floor", config.prune_schedule));
  return idle.take();
}

}  // namespace lab
