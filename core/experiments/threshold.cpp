// The question that the paper leaves open: after how many steps is exploration reliable?

#include "experiments/presets.h"
#include "experiments/recipe.h"

namespace lab {

namespace {

/// Those of figure 3 among them, so that its runs are reused.
std::vector<AxisValue> intervals() {
  std::vector<AxisValue> axis;
  for (const char* interval : {"1", "2", "3", "5", "10", "20", "30", "100", "200", "300", "1000", "3000"})
    axis.emplace_back(interval, itop("set", interval));
  return axis;
}

GridRecipe recipe(FigureScale scale) {
  switch (scale) {
    case FigureScale::Quick:
      return {.seeds = 3,
              .training = fashionTraining("12"),
              .axes = {{"sparsity", {"0.99", "0.995", "0.998"}}, {"update_interval", intervals()}},
              .dense = false};
    case FigureScale::Standard:
      return {.seeds = 10,
              .training = fashionTraining("24"),
              .axes = {{"sparsity", {"0.98", "0.99", "0.995", "0.998"}}, {"update_interval", intervals()}},
              .dense = false};
    case FigureScale::Paper:
      break;
  }
  return {.seeds = 3,
          .training = cifarTraining("cifar10", "vgg-c"),
          .axes = {{"sparsity", {"0.8", "0.9", "0.95"}}, {"update_interval", intervals()}},
          .dense = false};
}

Result<FigureGrid> make(const Figure& figure, FigureScale scale, int seeds) {
  auto grid = gridOf(figure, scale, seeds, recipe(scale));
  if (grid)
    grid.value().contrasts = {
        {.name = "reliable exploration explains accuracy better than R_s",
         .paper = "New weights must be trained long enough before they are dropped again; how long, the paper does "
                  "not say.",
         .expectation = Expectation::Reliable}};
  return grid;
}

}  // namespace

const Figure kThreshold{"threshold",
                        "How long a weight must live to be explored reliably",
                        "Runs that differ in ΔT only, ranked by what they explored and by what they learnt. R_rel(k) "
                        "counts the weights with an unbroken life of at least k steps: the k at which it ranks the runs "
                        "best is the threshold of reliable exploration. R_s is k = 0.",
                        "beyond ITOP (Liu et al., ICML 2021), section 3.3",
                        "sparsity",
                        "",
                        "update_interval",
                        {FigureScale::Quick, FigureScale::Standard, FigureScale::Paper},
                        make,
                        SecondPlot::RankCorrelation};

}  // namespace lab
