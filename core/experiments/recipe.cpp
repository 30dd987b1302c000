#include "experiments/recipe.h"

#include <algorithm>
#include <iterator>

namespace lab {

Assignments with(Assignments assignments, const Assignments& more) {
  assignments.insert(assignments.end(), more.begin(), more.end());
  return assignments;
}

namespace {

/// Shared by all of ITOP's experiments on small images.
const Assignments kSgdRecipe{{"batch_size", "128"},
                       {"learning_rate", "0.1"},
                       {"learning_rate_schedule", "step"},
                       {"momentum", "0.9"},
                       {"nesterov", "true"},
                       {"weight_decay", "0.0005"},
                       {"mask_history_mib", "1"}};

}  // namespace

Assignments fashionTraining(const std::string& epochs) {
  return with({{"dataset", "fashion-mnist"},
               {"model", "mlp"},
               {"hidden_widths", "1024,512"},
               {"epochs", epochs},
               {"initialization", "sparse-fan-in"}},
              kSgdRecipe);
}

Assignments cifarTraining(const std::string& dataset, const std::string& model) {
  Assignments training = with({{"dataset", dataset},
                               {"model", model},
                               {"epochs", "250"},
                               {"augmentation", "crop-flip"},
                               {"augmentation_padding", dataset == "cifar10" ? "reflect" : "zero"}},
                              kSgdRecipe);
  if (model == "mlp") training.emplace_back("hidden_widths", "1024,512");
  return training;
}

Assignments itop(const std::string& method, const std::string& updateInterval, const std::string& pruneRate) {
  return {{"method", method},
          {"update_interval", updateInterval},
          {"prune_rate", pruneRate},
          {"prune_schedule", "cosine"},
          {"prune_rate_floor", "0.005"},
          {"update_end", "1"}};
}

std::vector<std::string> labels(const std::vector<AxisValue>& values) {
  std::vector<std::string> result;
  for (const AxisValue& value : values) result.push_back(value.label);
  return result;
}

std::vector<AxisValue> methodsAt(const std::vector<std::string>& names, const std::string& updateInterval) {
  std::vector<AxisValue> values;
  for (const std::string& name : names)
    values.emplace_back(name, name == "static" ? Assignments{{"method", name}} : itop(name, updateInterval));
  return values;
}

namespace {

Result<std::vector<Cell>> denseCells(const GridRecipe& recipe, const std::string& curveKey) {
  const Assignments dense = with(recipe.training, {{"method", "dense"}});
  if (recipe.denseCurve.empty()) return makeGrid(dense, {}, 1);
  return makeGrid(dense, {{curveKey, recipe.denseCurve}}, 1);
}

}  // namespace

Result<FigureGrid> gridOf(const Figure& figure, FigureScale scale, int seeds, const GridRecipe& recipe) {
  FigureGrid grid;
  grid.figure = &figure;
  grid.scale = scale;
  grid.seeds = seeds > 0 ? seeds : recipe.seeds;
  auto cells = makeGrid(with(recipe.training, recipe.sparse), recipe.axes, grid.seeds);
  if (!cells) return cells.problems();
  grid.cells = cells.take();
  if (recipe.dense) {
    auto references = denseCells(recipe, recipe.axes.back().key);
    if (!references) return references.problems();
    grid.references = references.take();
  }
  grid.panels = labels(recipe.axes.front().values);
  if (recipe.axes.size() > 2) grid.series = labels(recipe.axes[1].values);
  grid.curve = labels(recipe.axes.back().values);
  return grid;
}

}  // namespace lab
