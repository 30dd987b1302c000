// Figure 2 of the paper: what accuracy costs, over all families of sparse training.

#include "experiments/presets.h"
#include "experiments/recipe.h"

#include "topology/methods.h"

#include <fmt/format.h>

namespace lab {

namespace {

struct Scale {
  Assignments training;
  int seeds;
  std::string model, sparsity, updateInterval;
  std::string roundPruneRate;       ///< of LTH: how many trainings the ticket takes
  std::vector<std::string> epochs;  ///< the middle one is the dense network's full training
};

Scale settingsFor(FigureScale scale) {
  Assignments lenet = fashionTraining("12");
  std::erase_if(lenet, [](const auto& a) {
    return a.first == "model" || a.first == "hidden_widths" || a.first == "epochs";
  });
  Assignments cifar = cifarTraining("cifar10", "vgg-c");
  std::erase_if(cifar, [](const auto& a) { return a.first == "model" || a.first == "epochs"; });
  switch (scale) {
    case FigureScale::Quick:
      return {lenet, 3, "lenet-300-100", "0.9", "100", "0.55", {"1", "2", "4"}};
    case FigureScale::Standard:
      return {lenet, 5, "lenet-300-100", "0.9", "100", "0.2", {"12", "24", "48"}};
    case FigureScale::Paper:
      break;
  }
  return {cifar, 3, "vgg-c", "0.95", "1500", "0.2", {"125", "250", "1250"}};
}

/// Every family that the program knows: explored in time, pruned while training, pruned before, and rewound.
std::vector<AxisValue> families(const Scale& s) {
  std::vector<AxisValue> values;
  for (const char* method : {"set", "explore-first", "rigl", "snfs"}) {
    if (findMethod(method) == nullptr) continue;
    Assignments recipe = itop(method, s.updateInterval);
    recipe.emplace_back("sparsity", s.sparsity);
    values.emplace_back(method, std::move(recipe));
  }
  for (const char* method : {"static", "dsr", "gmp", "granet", "str", "lth", "snip", "grasp", "synflow"})
    if (const Method* row = findMethod(method)) {
      Assignments own{{"method", method}};
      if (row->course != Course::Learned) own.emplace_back("sparsity", s.sparsity);  // else it finds its own
      if (row->course == Course::Rounds) own.emplace_back("round_prune_rate", s.roundPruneRate);
      values.emplace_back(method, std::move(own));
    }
  values.emplace_back("dense", Assignments{{"method", "dense"}});
  return values;
}

std::vector<Contrast> contrasts(const Scale& s) {
  const std::string &middle = s.epochs[1], &longest = s.epochs[2];
  return {{.name = "SET-ITOP matches dense at fewer FLOPs",
           .paper = "A sparse network that explores enough in time matches the dense one at a fraction of the "
                    "training FLOPs.",
           .better = {{longest, "set"}},
           .worse = {{middle, "dense"}},
           .expectation = Expectation::NoWorse,
           .margin = 0.005},
          {.name = "RigL-ITOP matches dense at fewer FLOPs",
           .paper = "So does growing by gradient, when it explores as much.",
           .better = {{longest, "rigl"}},
           .worse = {{middle, "dense"}},
           .expectation = Expectation::NoWorse,
           .margin = 0.005},
          {.name = "SET-ITOP beats static",
           .paper = "At the same density and FLOPs it is exploration that makes the difference.",
           .better = {{longest, "set"}},
           .worse = {{longest, "static"}}}};
}

Result<FigureGrid> make(const Figure& figure, FigureScale scale, int seeds) {
  const Scale s = settingsFor(scale);
  auto grid = gridOf(figure, scale, seeds,
                     {.seeds = s.seeds,
                      .training = s.training,
                      .axes = {{"model", {s.model}},
                               {"method", families(s)},
                               {"epochs", {s.epochs.begin(), s.epochs.end()}}},
                      .dense = false});
  if (grid) grid.value().contrasts = contrasts(s);
  return grid;
}

}  // namespace

const Figure kFigure2{"figure2",
                      "Accuracy against training FLOPs",
                      "Every family of sparse training at the same final sparsity, trained for a short, a full and a "
                      "long time, beside the dense network. FLOPs are those of the steps that really ran, in the "
                      "longest dense training of the figure.",
                      "ITOP (Liu et al., ICML 2021), figure 2",
                      "model",
                      "method",
                      "epochs",
                      {FigureScale::Quick, FigureScale::Standard, FigureScale::Paper},
                      make,
                      SecondPlot::AgainstFlops};

}  // namespace lab
