#include "experiments/figure3.h"

namespace lab {

namespace {

/// ITOP's recipe on a data set everyone has: the phenomenon shows within seconds when the network is very sparse.
struct Settings {
  const char* epochs;
  int seeds;
  std::vector<AxisValue> sparsities;
};

Settings settingsFor(FigureScale scale) {
  if (scale == FigureScale::Quick) return {"12", 3, {"0.99", "0.995"}};
  return {"24", 10, {"0.98", "0.99", "0.995", "0.998"}};
}

Assignments training(const Settings& settings) {
  return {{"dataset", "fashion-mnist"},
          {"model", "mlp"},
          {"hidden_widths", "1024,512"},
          {"batch_size", "128"},
          {"epochs", settings.epochs},
          {"learning_rate", "0.1"},
          {"learning_rate_schedule", "step"},
          {"momentum", "0.9"},
          {"nesterov", "true"},
          {"weight_decay", "0.0005"},
          {"initialization", "sparse-fan-in"},
          {"mask_history_mib", "1"}};
}

const std::vector<std::string> kIntervals{"1", "3", "10", "30", "100", "300", "1000", "3000"};

std::vector<AxisValue> intervals() {
  std::vector<AxisValue> values;
  for (const std::string& interval : kIntervals)
    values.emplace_back(interval, Assignments{{"method", "set"},
                                              {"update_interval", interval},
                                              {"prune_rate", "0.5"},
                                              {"prune_schedule", "cosine"},
                                              {"prune_rate_floor", "0.005"}});
  values.emplace_back("static", Assignments{{"method", "static"}});
  return values;
}

std::vector<Contrast> contrasts() {
  const std::vector<std::string> middle{"30", "100", "300"};
  return {
      {"ΔT in 30..300 beats static",
       "Exploring in time beats training the same sparse network without exploration.",
       middle,
       {"static"}},
      {"ΔT in 30..300 beats ΔT = 1",
       "Once weights are dropped before they are trained, more exploration no longer helps: exploration must be "
       "reliable.",
       middle,
       {"1"}},
      {"R_s rises as ΔT shrinks",
       "The shorter the update interval, the more of the dense network is explored.",
       {kIntervals.rbegin(), kIntervals.rend()},
       {},
       Expectation::RsRises}};
}

std::vector<std::string> labels(const std::vector<AxisValue>& values) {
  std::vector<std::string> result;
  for (const AxisValue& value : values) result.push_back(value.label);
  return result;
}

Result<FigureGrid> make(const Figure& figure, FigureScale scale, int seeds) {
  const Settings settings = settingsFor(scale);
  FigureGrid grid;
  grid.figure = &figure;
  grid.scale = scale;
  grid.seeds = seeds > 0 ? seeds : settings.seeds;
  Assignments sparse = training(settings);
  sparse.emplace_back("distribution", "erk");
  auto cells = makeGrid(sparse, {{"sparsity", settings.sparsities}, {"update_interval", intervals()}}, grid.seeds);
  if (!cells) return cells.problems();
  Assignments dense = training(settings);
  dense.emplace_back("method", "dense");
  auto reference = makeGrid(dense, {}, 1);
  if (!reference) return reference.problems();
  grid.cells = cells.take();
  grid.denseReference = reference.value().front();
  grid.panels = labels(settings.sparsities);
  grid.curve = labels(intervals());
  grid.contrasts = contrasts();
  return grid;
}

}  // namespace

const Figure kFigure3{"figure3",
                      "Accuracy against in-time over-parameterization",
                      "The update interval ΔT of SET decides how much of the dense network is explored while a "
                      "sparse one is trained. "
                      "Accuracy rises with the share explored, R_s, and falls again when weights are replaced "
                      "before they are trained.",
                      "ITOP (Liu et al., ICML 2021), figure 3",
                      "sparsity",
                      "update_interval",
                      {FigureScale::Quick, FigureScale::Standard},
                      make};

}  // namespace lab
