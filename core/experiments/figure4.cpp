// Figure 4 of the paper: the longer a sparse network is trained, the more of the dense one it explores.

#include "experiments/presets.h"
#include "experiments/recipe.h"

namespace lab {

namespace {

/// What the claims need to know of the axes.
struct Extent {
  std::string sparsest, densest;
  std::vector<std::string> epochs, denseEpochs;
};

std::vector<Place> along(const std::vector<std::string>& curve, const std::string& series) {
  std::vector<Place> places;
  for (const std::string& label : curve) places.emplace_back(label, series);
  return places;
}

std::vector<Contrast> contrasts(const Extent& extent) {
  const std::string &shortest = extent.epochs.front(), &longest = extent.epochs.back();
  const std::string& second = extent.epochs[1];
  std::vector<Place> dense = along(extent.denseEpochs, kDenseSeries);
  dense.pop_back();
  return {{.name = "SET beats static after the longest training",
           .paper = "A sparse network that explores overtakes the one that keeps its connections.",
           .better = {{longest, "set"}},
           .worse = {{longest, "static"}}},
          {.name = "SET gains on static with training time",
           .paper = "The longer the training, the higher R_s, and the further the static network lags behind.",
           .better = {{longest, "set"}, {shortest, "set"}},
           .worse = {{longest, "static"}, {shortest, "static"}},
           .expectation = Expectation::Gains},
          {.name = "R_s rises with training time",
           .paper = "At the same ΔT a longer training makes more updates and explores more.",
           .better = along(extent.epochs, "set"),
           .expectation = Expectation::RsRises},
          {.name = "the sparser network gains more from time",
           .paper = "The lower the sparsity, the less time is needed to explore enough.",
           .better = {{longest, "set", extent.sparsest}, {longest, "set", extent.densest}},
           .worse = {{second, "set", extent.sparsest}, {second, "set", extent.densest}},
           .expectation = Expectation::Gains,
           .panels = {extent.sparsest},
           .ownDeviations = true},
          {.name = "dense falls in the longest training",
           .paper = "The dense network overfits when it is trained for very long; the sparse ones do not.",
           .better = dense,
           .worse = {{extent.denseEpochs.back(), kDenseSeries}}}};
}

struct Scale {
  Assignments training;
  int seeds;
  std::string updateInterval;
  std::vector<std::string> sparsities, curve, denseCurve;
};

Scale settingsFor(FigureScale scale) {
  switch (scale) {
    case FigureScale::Quick:
      return {fashionTraining("12"), 3, "100", {"0.98", "0.995"}, {"2", "4", "8", "16", "32"}, {"2", "4", "8"}};
    case FigureScale::Standard:
      return {fashionTraining("12"), 10, "100", {"0.95", "0.98", "0.99", "0.995"},
              {"6", "12", "24", "48", "96", "192"},
              {"6", "12", "24", "48", "96", "192"}};
    case FigureScale::Paper:
      break;
  }
  return {cifarTraining("cifar10", "mlp"), 3, "1500", {"0.8", "0.9", "0.95", "0.98"},
          {"125", "250", "500", "750", "1000", "1250"},
          {"125", "250", "500", "750", "1000", "1250"}};
}

Result<FigureGrid> make(const Figure& figure, FigureScale scale, int seeds) {
  const Scale s = settingsFor(scale);
  const std::vector<AxisValue> sparsities(s.sparsities.begin(), s.sparsities.end()),
      curve(s.curve.begin(), s.curve.end()), denseCurve(s.denseCurve.begin(), s.denseCurve.end());
  auto grid = gridOf(figure, scale, seeds,
                     {.seeds = s.seeds,
                      .training = s.training,
                      .axes = {{"sparsity", sparsities},
                               {"method", methodsAt({"set", "static"}, s.updateInterval)},
                               {"epochs", curve}},
                      .denseCurve = denseCurve});
  if (grid) grid.value().contrasts = contrasts({s.sparsities.back(), s.sparsities.front(), s.curve, s.denseCurve});
  return grid;
}

}  // namespace

const Figure kFigure4{"figure4",
                      "Accuracy against training time",
                      "The same networks trained for longer and longer. SET explores more with every update and "
                      "keeps improving; the static network (dotted) has seen all its weights from the start.",
                      "ITOP (Liu et al., ICML 2021), figure 4",
                      "sparsity",
                      "method",
                      "epochs",
                      {FigureScale::Quick, FigureScale::Standard, FigureScale::Paper},
                      make};

}  // namespace lab
