// Figure 7 of the paper: how much each update drops.

#include "experiments/presets.h"
#include "experiments/recipe.h"

namespace lab {

namespace {

const std::vector<std::string> kRates{"0.05", "0.1", "0.3", "0.5", "0.7", "0.9", "0.98"};

std::vector<AxisValue> rates(const std::string& updateInterval) {
  std::vector<AxisValue> axis;
  for (const std::string& rate : kRates) axis.emplace_back(rate, itop("set", updateInterval, rate));
  axis.emplace_back("static", Assignments{{"method", "static"}});
  return axis;
}

GridRecipe recipe(FigureScale scale) {
  switch (scale) {
    case FigureScale::Quick:
      return {.seeds = 5,
              .training = fashionTraining("12"),
              .axes = {{"sparsity", {"0.99", "0.995"}}, {"prune_rate", rates("300")}}};
    case FigureScale::Standard:
      return {.seeds = 10,
              .training = fashionTraining("24"),
              .axes = {{"sparsity", {"0.98", "0.99", "0.995", "0.998"}}, {"prune_rate", rates("300")}}};
    case FigureScale::Paper:
      break;
  }
  return {.seeds = 3,
          .training = cifarTraining("cifar10", "mlp"),
          .axes = {{"sparsity", {"0.9", "0.95"}}, {"prune_rate", rates("1500")}}};
}

std::vector<Contrast> contrasts() {
  return {{"ζ₀ = .5 beats .05",
           "Small prune rates explore too little.",
           {"0.5"},
           {"0.05"}},
          {"ζ₀ = .5 beats .98",
           "Large prune rates drop what has been learnt: the optimum lies in between.",
           {"0.5"},
           {"0.98"}},
          {"R_s rises with ζ₀",
           "The more an update drops, the more it explores.",
           {kRates.begin(), kRates.end()},
           {},
           Expectation::RsRises}};
}

Result<FigureGrid> make(const Figure& figure, FigureScale scale, int seeds) {
  auto grid = gridOf(figure, scale, seeds, recipe(scale));
  if (grid) grid.value().contrasts = contrasts();
  return grid;
}

}  // namespace

const Figure kPruneRate{"prune_rate",
                        "Accuracy against prune rate",
                        "ζ₀ is the share of the active weights that the first update drops; it falls from there along "
                        "a cosine. Too little explores nothing, too much forgets: the best lies inside.",
                        "ITOP (Liu et al., ICML 2021), figure 7",
                        "sparsity",
                        "",
                        "prune_rate",
                        {FigureScale::Quick, FigureScale::Standard, FigureScale::Paper},
                        make};

}  // namespace lab
