#include "topology/distribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace lab {

namespace {

using Densities = std::vector<double>;
using Layers = std::vector<WeightLayer>;

double totalWeights(const Layers& layers) {
  return std::accumulate(layers.begin(), layers.end(), 0.0,
                         [](double sum, const WeightLayer& l) { return sum + static_cast<double>(l.weights); });
}

Densities uniform(const Layers& layers, double density) { return Densities(layers.size(), density); }

/// Layers marked dense are full; the others share what is left of the budget in proportion to `share`.
/// Layers that would be more than full become dense: all of maximal share at once, until none is.
Densities spread(const Layers& layers, double density, std::vector<bool> dense, const Densities& share) {
  while (true) {
    double budget = density * totalWeights(layers), capacity = 0, largest = 0;
    for (size_t l = 0; l < layers.size(); ++l) {
      const auto weights = static_cast<double>(layers[l].weights);
      if (dense[l]) {
        budget -= weights;
      } else {
        capacity += share[l] * weights;
        largest = std::max(largest, share[l]);
      }
    }
    const double scale = capacity > 0 ? budget / capacity : 0;
    const bool overflow = scale * largest > 1;
    Densities result(layers.size());
    for (size_t l = 0; l < layers.size(); ++l) {
      if (overflow && !dense[l] && share[l] == largest) dense[l] = true;
      result[l] = dense[l] ? 1 : scale * share[l];
    }
    if (!overflow) return result;
  }
}

Densities uniformPlus(const Layers& layers, double density) {
  std::vector<bool> dense(layers.size(), false);
  const auto first = std::find_if(layers.begin(), layers.end(), [](const auto& l) { return l.shape.size() == 4; });
  if (first != layers.end()) dense[static_cast<size_t>(first - layers.begin())] = true;
  return spread(layers, density, dense, Densities(layers.size(), 1.0));
}

/// p = Σ dims / Π dims over all dimensions of the weight shape, or the first two.
Densities erdosRenyiShares(const Layers& layers, bool kernel) {
  Densities share;
  for (const WeightLayer& layer : layers) {
    const auto end = layer.shape.begin() + (kernel ? static_cast<int64_t>(layer.shape.size()) : 2);
    const double sum = static_cast<double>(std::accumulate(layer.shape.begin(), end, int64_t{0}));
    double product = 1;
    for (auto dim = layer.shape.begin(); dim != end; ++dim) product *= static_cast<double>(*dim);
    share.push_back(sum / product);
  }
  return share;
}

Densities erdosRenyi(const Layers& layers, double density, bool kernel) {
  return spread(layers, density, std::vector<bool>(layers.size(), false), erdosRenyiShares(layers, kernel));
}

/// What the published code calls ER on ImageNet.
LayerDensities cutErdosRenyi(const Layers& layers, double density) {
  LayerDensities result;
  result.target = erdosRenyiShares(layers, true);
  double capacity = 0;
  for (size_t l = 0; l < layers.size(); ++l) capacity += result.target[l] * static_cast<double>(layers[l].weights);
  for (size_t l = 0; l < layers.size(); ++l) {
    double& target = result.target[l];
    target = std::min(1.0, target * density * totalWeights(layers) / capacity);
    result.active.push_back(std::max<int64_t>(1, std::llround(target * static_cast<double>(layers[l].weights))));
  }
  return result;
}

struct DistributionRow {
  std::string_view name;
  Densities (*densities)(const Layers&, double);
};

constexpr std::array<DistributionRow, 4> kDistributions{{
    {"uniform", uniform},
    {"uniform-plus", uniformPlus},
    {"er", [](const Layers& layers, double density) { return erdosRenyi(layers, density, false); }},
    {"erk", [](const Layers& layers, double density) { return erdosRenyi(layers, density, true); }},
}};

/// Whole counts by largest remainder: the total is exactly round(density × N).
std::vector<int64_t> wholeCounts(const Layers& layers, const Densities& target, double density) {
  const auto total = std::llround(density * totalWeights(layers));
  std::vector<int64_t> counts;
  std::vector<std::pair<double, size_t>> remainders;
  for (size_t l = 0; l < layers.size(); ++l) {
    const double exact = target[l] * static_cast<double>(layers[l].weights);
    const auto floor = std::min(static_cast<int64_t>(std::floor(exact + 1e-9)), layers[l].weights);
    counts.push_back(floor);
    remainders.emplace_back(static_cast<double>(floor) - exact, l);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  int64_t missing = total - std::accumulate(counts.begin(), counts.end(), int64_t{0});
  for (size_t i = 0; missing > 0; i = (i + 1) % remainders.size()) {
    const size_t l = remainders[i].second;
    if (counts[l] == layers[l].weights) continue;
    ++counts[l];
    --missing;
  }
  return counts;
}

}  // namespace

std::vector<std::string> distributionNames() {
  std::vector<std::string> names;
  for (const DistributionRow& row : kDistributions) names.emplace_back(row.name);
  return names;
}

Result<LayerDensities> layerDensities(std::string_view distribution, const std::vector<WeightLayer>& layers,
                                      double density, bool ignoreOverflow) {
  const auto row = std::find_if(kDistributions.begin(), kDistributions.end(),
                                [&](const DistributionRow& r) { return r.name == distribution; });
  if (row == kDistributions.end())
    return Problem{"distribution", fmt::format("distribution '{}' is unknown", distribution)};
  if (ignoreOverflow && distribution == "er") return cutErdosRenyi(layers, density);
  LayerDensities result;
  result.target = row->densities(layers, density);
  Problems problems;
  for (size_t l = 0; l < layers.size(); ++l)
    if (result.target[l] <= 0 || result.target[l] > 1 + 1e-9)
      problems.push_back({"sparsity", fmt::format("sparsity {} with distribution {} leaves no room for layer {}: "
                                                  "a lower sparsity would be right",
                                                  1 - density, distribution, layers[l].name)});
  if (!problems.empty()) return problems;
  result.active = wholeCounts(layers, result.target, density);
  for (size_t l = 0; l < layers.size(); ++l)
    if (result.active[l] < 1)
      problems.push_back({"sparsity", fmt::format("sparsity {} leaves layer {} ({} weights) without a weight: "
                                                  "a lower sparsity would be right",
                                                  1 - density, layers[l].name, layers[l].weights)});
  const auto realised = std::accumulate(result.active.begin(), result.active.end(), int64_t{0});
  if (realised != std::llround(density * totalWeights(layers)))
    problems.push_back(
        {"sparsity", fmt::format("sparsity {} cannot be reached with distribution {}: its dense layers "
                                 "alone hold {} weights",
                                 1 - density, distribution, realised)});
  if (!problems.empty()) return problems;
  return result;
}

}  // namespace lab
