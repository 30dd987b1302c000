// Figure 6 of the paper: small batches make more updates of the topology in the same time.

#include "experiments/presets.h"
#include "experiments/recipe.h"

namespace lab {

namespace {

struct Scale {
  Assignments training;
  int seeds;
  std::string updateInterval;
  std::vector<AxisValue> sparsities, batches;
  std::string tiny, best, large;  ///< on the batch axis: where SGD's noise wins, the best by the paper, the largest
};

Scale settingsFor(FigureScale scale) {
  switch (scale) {
    case FigureScale::Quick:
      return {fashionTraining("3"),
              3,
              "100",
              {"0.99", "0.995"},
              {"2", "4", "8", "16", "32", "64", "128", "512"},
              "2",
              "16",
              "512"};
    case FigureScale::Standard:
      return {fashionTraining("24"), 5,   "100", {"0.98", "0.99", "0.995", "0.998"},
              {"2", "4", "8", "16", "32", "64", "128", "256", "512", "1024"},
              "2",                   "16", "1024"};
    case FigureScale::Paper:
      break;
  }
  return {cifarTraining("cifar10", "mlp"), 3,    "1500", {"0.95"}, {"8", "16", "32", "64", "128", "256", "512"},
          "8",                             "32", "512"};
}

std::vector<Contrast> contrasts(const Scale& s) {
  std::vector<Place> rising;
  for (auto batch = s.batches.rbegin(); batch != s.batches.rend(); ++batch) rising.emplace_back(batch->label, "set");
  return {{.name = "R_s rises as the batch shrinks",
           .paper = "At the same ΔT a smaller batch makes more updates an epoch and explores more.",
           .better = rising,
           .expectation = Expectation::RsRises},
          {.name = "a small batch beats a large one",
           .paper = "With smaller batches R_s and accuracy rise together.",
           .better = {{s.best, "set"}},
           .worse = {{s.large, "set"}},
           .ownDeviations = true},
          {.name = "a tiny batch collapses",
           .paper = "When the batch is too small, the noise of SGD outweighs what exploration brings.",
           .better = {{s.best, "set"}},
           .worse = {{s.tiny, "set"}},
           .ownDeviations = true},
          {.name = "SET beats static at a small batch",
           .paper = "It is exploration that the small batch helps, not only the number of steps.",
           .better = {{s.best, "set"}},
           .worse = {{s.best, "static"}},
           .ownDeviations = true}};
}

Result<FigureGrid> make(const Figure& figure, FigureScale scale, int seeds) {
  const Scale s = settingsFor(scale);
  auto grid = gridOf(figure, scale, seeds,
                     {.seeds = s.seeds,
                      .training = s.training,
                      .axes = {{"sparsity", s.sparsities},
                               {"method", methodsAt({"set", "static"}, s.updateInterval)},
                               {"batch_size", s.batches}}});
  if (grid) grid.value().contrasts = contrasts(s);
  return grid;
}

}  // namespace

const Figure kFigure6{"figure6",
                      "Accuracy against batch size",
                      "At the same ΔT a smaller batch gives more topology updates an epoch, and with them a higher "
                      "R_s and accuracy, until the noise of tiny batches ruins the training. Learning rate and "
                      "epochs stay the same.",
                      "ITOP (Liu et al., ICML 2021), figure 6",
                      "sparsity",
                      "method",
                      "batch_size",
                      {FigureScale::Quick, FigureScale::Standard, FigureScale::Paper},
                      make};

}  // namespace lab
