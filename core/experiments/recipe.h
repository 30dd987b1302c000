#pragma once
// What the presets have in common: the training recipes, and grids put together from axes.

#include "experiments/figures.h"

namespace lab {

/// ITOP's recipe on Fashion-MNIST with the 784-1024-512-10 perceptron: data that everyone has, and the phenomena show
/// within seconds when the network is very sparse.
Assignments fashionTraining(const std::string& epochs);

/// ITOP's recipe on CIFAR (section 4 of the paper): 250 epochs of SGD with step decay.
Assignments cifarTraining(const std::string& dataset, const std::string& model);

/// Dynamic sparse training as ITOP does it, whatever the method's own recipe is.
Assignments itop(const std::string& method, const std::string& updateInterval, const std::string& pruneRate = "0.5");

std::vector<std::string> labels(const std::vector<AxisValue>& values);
/// One value a name, each with that method at ITOP's settings; "static" has no settings.
std::vector<AxisValue> methodsAt(const std::vector<std::string>& names, const std::string& updateInterval);

Assignments with(Assignments assignments, const Assignments& more);

/// The grid of a figure whose axes are those of its keys, in that order; `training` lies beneath, `sparse` too but not
/// beneath the dense reference, which is one run of `training`.
struct GridRecipe {
  int seeds = 1;
  Assignments training = {};
  Assignments sparse = {};
  std::vector<Axis> axes = {};  ///< panel, series where there is one, curve
  /// Dense networks along the curve in place of one: its labels and what they set.
  std::vector<AxisValue> denseCurve = {};
  bool dense = true;
};
Result<FigureGrid> gridOf(const Figure& figure, FigureScale scale, int seeds, const GridRecipe& recipe);

}  // namespace lab
