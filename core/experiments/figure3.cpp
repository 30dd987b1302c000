// Figure 3 of the paper: accuracy against exploration, driven by the update interval ΔT.

#include "experiments/presets.h"
#include "experiments/recipe.h"

namespace lab {

namespace {

const std::vector<std::string> kIntervals{"1", "3", "10", "30", "100", "300", "1000", "3000"};

std::vector<AxisValue> intervals(const std::vector<std::string>& values) {
  std::vector<AxisValue> axis;
  for (const std::string& interval : values) axis.emplace_back(interval, itop("set", interval));
  axis.emplace_back("static", Assignments{{"method", "static"}});
  return axis;
}

std::vector<Contrast> contrasts() {
  const std::vector<Place> middle{"30", "100", "300"};
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

GridRecipe recipe(FigureScale scale) {
  switch (scale) {
    case FigureScale::Quick:
      return {.seeds = 3,
              .training = fashionTraining("12"),
              .axes = {{"sparsity", {"0.99", "0.995"}}, {"update_interval", intervals(kIntervals)}}};
    case FigureScale::Standard:
      return {.seeds = 10,
              .training = fashionTraining("24"),
              .axes = {{"sparsity", {"0.98", "0.99", "0.995", "0.998"}},
                       {"update_interval", intervals(kIntervals)}}};
    case FigureScale::Paper:
      break;
  }
  return {.seeds = 3,
          .training = cifarTraining("cifar10", "vgg-c"),
          .axes = {{"sparsity", {"0.8", "0.9", "0.95"}}, {"update_interval", intervals(kIntervals)}}};
}

Result<FigureGrid> make(const Figure& figure, FigureScale scale, int seeds) {
  auto grid = gridOf(figure, scale, seeds, recipe(scale));
  if (grid) grid.value().contrasts = contrasts();
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
                      "",
                      "update_interval",
                      {FigureScale::Quick, FigureScale::Standard, FigureScale::Paper},
                      make};

}  // namespace lab
