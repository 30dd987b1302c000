#include "training/initial_masks.h"

#include "random/keyed_permutation.h"
#include "topology/growth_constraint.h"
#include "topology/methods.h"
#include "topology/official_rules.h"
#include "topology/select.h"
#include "training/initial_state.h"
#include "run_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace lab {

namespace {

constexpr std::string_view kRandom = "random";
constexpr int kSynFlowRounds = 100;  // Tanaka et al. 2020

struct CriterionRow {
  std::string_view name;
  Saliency criterion;
  int rounds;
};
constexpr std::array<CriterionRow, 3> kCriteria{{{"snip", Saliency::Snip, 1},
                                                 {"grasp", Saliency::Grasp, 1},
                                                 {"synflow", Saliency::SynFlow, kSynFlowRounds}}};

/// Every unit of a layer gets equally many inputs: counts are rounded to multiples of the rows.
void roundToRows(LayerDensities& densities, const std::vector<WeightLayer>& layers) {
  for (size_t l = 0; l < layers.size(); ++l) {
    const auto rows = static_cast<double>(layers[l].rows());
    const int64_t fanIn = std::llround(static_cast<double>(densities.active[l]) / rows);
    densities.active[l] = std::clamp<int64_t>(fanIn, 1, layers[l].columns()) * layers[l].rows();
  }
}

Result<LayerDensities> structured(Result<LayerDensities> densities, const std::vector<WeightLayer>& layers,
                                  const Config& config) {
  const auto constraint = parseConstraint(config.constraint);
  if (!densities || !constraint) return densities;
  if (constraint.value().kind == GrowthConstraint::Kind::ConstantFanIn) roundToRows(densities.value(), layers);
  if (constraint.value().kind != GrowthConstraint::Kind::NOfM) return densities;
  Problems problems;
  for (size_t l = 0; l < layers.size(); ++l) {
    const int64_t n = constraint.value().n, m = constraint.value().m;
    const int64_t room = layers[l].weights / m * n + std::min(n, layers[l].weights % m);
    if (layers[l].columns() % m != 0)
      problems.push_back({"constraint", fmt::format("constraint {}: layer {} has {} inputs a unit, a multiple of {} would "
                                                    "be right",
                                                    config.constraint, layers[l].name, layers[l].columns(), m)});
    else if (densities.value().active[l] > room)
      problems.push_back(
          {"constraint", fmt::format("constraint {}: layer {} is to have {} of its {} weights, which leave room for {}: a "
                                     "higher sparsity or distribution uniform would be right",
                                     config.constraint, layers[l].name, densities.value().active[l], layers[l].weights,
                                     room)});
  }
  if (!problems.empty()) return problems;
  return densities;
}

Result<LayerDensities> spread(const std::vector<WeightLayer>& layers, const Config& config, double density) {
  const Semantics semantics = semanticsNamed(config.semantics);
  return layerDensities(config.distribution, layers, density, semantics.ignoresOverflow);
}

Mask randomMask(const WeightLayer& layer, int64_t active, const GrowthConstraint& constraint, const RandomKey& key) {
  if (active == layer.weights) return Mask(layer.weights, true);
  Mask mask(layer.weights);
  const Groups groups = groupsFor(constraint, layer.rows(), layer.columns(), active);
  for (const int64_t position : groups.size > 0 ? growWithin(groups, mask, nullptr, active, key)
                                                : growRandom(mask, nullptr, active, key))
    mask.set(position);
  return mask;
}

std::vector<Mask> randomMasks(const std::vector<WeightLayer>& layers, const LayerDensities& densities,
                              const Config& config) {
  const GrowthConstraint constraint = parseConstraint(config.constraint).take();
  const bool coinFlips = semanticsNamed(config.semantics).coinFlips;
  std::vector<Mask> masks;
  for (size_t l = 0; l < layers.size(); ++l) {
    const RandomKey key{static_cast<uint64_t>(config.seed), Purpose::InitialMask, static_cast<uint32_t>(l), 0};
    masks.push_back(coinFlips ? official::coinFlipMask(layers[l].weights, densities.target[l], key)
                              : randomMask(layers[l], densities.active[l], constraint, key));
  }
  return masks;
}

/// Keeps the k of highest score, ties to the lower position, and at least the best of each layer.
void keepHighest(std::vector<Mask>& masks, const std::vector<std::vector<double>>& scores, int64_t k) {
  struct Entry {
    double score;
    size_t layer;
    int64_t position;
  };
  std::vector<Entry> all;
  for (size_t l = 0; l < masks.size(); ++l)
    forEachOne(masks[l], [&](int64_t i) { all.push_back({scores[l][static_cast<size_t>(i)], l, i}); });
  k = std::min(k, static_cast<int64_t>(all.size()));
  const auto before = [](const Entry& a, const Entry& b) {
    return a.score != b.score ? a.score > b.score
                              : a.layer != b.layer ? a.layer < b.layer : a.position < b.position;
  };
  std::vector<Entry> best(masks.size(), Entry{0, masks.size(), 0});
  for (const Entry& entry : all)
    if (Entry& b = best[entry.layer]; b.layer == masks.size() || before(entry, b)) b = entry;
  std::nth_element(all.begin(), all.begin() + k, all.end(), before);
  for (Mask& mask : masks) mask = Mask(mask.size());
  for (int64_t i = 0; i < k; ++i) masks[all[static_cast<size_t>(i)].layer].set(all[static_cast<size_t>(i)].position);
  for (const Entry& entry : best)
    if (masks[entry.layer].count() == 0) masks[entry.layer].set(entry.position);
}

/// The first images of the first epoch, in its order.
std::vector<int32_t> firstSamples(const Config& config, int64_t count) {
  const KeyedPermutation shuffle({static_cast<uint64_t>(config.seed), Purpose::SampleOrder, 0, 0},
                                 static_cast<uint64_t>(count));
  std::vector<int32_t> samples;
  for (int64_t i = 0; i < std::min(count, config.initial_mask_samples); ++i)
    samples.push_back(static_cast<int32_t>(shuffle.at(static_cast<uint64_t>(i))));
  return samples;
}

std::vector<Mask> masksBySaliency(const NetworkSpec& network, const CriterionRow& row, int64_t keep,
                                  const Config& config, const std::shared_ptr<const Dataset>& data,
                                  const SaliencyScorer& scorer) {
  std::vector<Mask> masks;
  double all = 0;
  for (const WeightLayer& layer : weightLayers(network)) {
    masks.emplace_back(layer.weights, true);
    all += static_cast<double>(layer.weights);
  }
  const EngineState dense = initialState(network, masks, config);
  const auto samples = firstSamples(config, data->train.count);
  const double density = static_cast<double>(keep) / all;
  for (int round = 1; round <= row.rounds; ++round) {
    const double left = std::pow(density, static_cast<double>(round) / row.rounds);
    const auto scores = scorer({row.criterion, network, dense, masks, data, samples, config.threads});
    keepHighest(masks, scores, round == row.rounds ? keep : std::llround(left * all));
  }
  return masks;
}

}  // namespace

std::vector<std::string> initialMaskNames() {
  std::vector<std::string> names{std::string(kRandom)};
  for (const CriterionRow& row : kCriteria) names.emplace_back(row.name);
  return names;
}

Result<ConfiguredDensities> configuredDensities(const NetworkSpec& network, const Config& config) {
  const Method* method = findMethod(config.method);
  const auto layers = weightLayers(network);
  const LayerDensities full = layerDensities("uniform", layers, 1.0).take();
  if (method == nullptr || !method->sparse || method->course == Course::Learned) return ConfiguredDensities{full, full};
  const bool shared = config.initial_mask != kRandom && method->course == Course::Steady;
  auto end = method->course == Course::Rounds || shared ? layerDensities("uniform", layers, config.density())
                                                        : structured(spread(layers, config, config.density()), layers, config);
  if (!end) return end.problems();
  if (method->course == Course::Steady) return ConfiguredDensities{end.value(), end.value()};
  if (method->course == Course::Rounds || config.initial_sparsity == 0) return ConfiguredDensities{full, end.value()};
  auto start = spread(layers, config, 1 - config.initial_sparsity);
  if (!start) return start.problems();
  // A layer that ends denser than it starts keeps what it has at the end.
  for (size_t l = 0; l < layers.size(); ++l) end.value().active[l] = std::min(end.value().active[l], start.value().active[l]);
  return ConfiguredDensities{start.value(), end.value()};
}

std::vector<Mask> firstMasks(const NetworkSpec& network, const LayerDensities& densities, const Config& config,
                             const std::shared_ptr<const Dataset>& data, const SaliencyScorer& scorer) {
  const auto row = std::find_if(kCriteria.begin(), kCriteria.end(),
                                [&](const CriterionRow& r) { return r.name == config.initial_mask; });
  const auto keep = std::accumulate(densities.active.begin(), densities.active.end(), int64_t{0});
  if (row == kCriteria.end() || keep == maskableCount(network))
    return randomMasks(weightLayers(network), densities, config);
  if (!scorer)
    throw RunError(ExitCode::Configuration,
                   fmt::format("initial_mask {} needs LibTorch, which this program was built without; random would be right",
                               config.initial_mask));
  return masksBySaliency(network, *row, keep, config, data, scorer);
}

}  // namespace lab
