#include "live/life_sample.h"

#include <algorithm>
#include <queue>
#include <tuple>

namespace lab::ui {

namespace {

/// Finalizer of SplitMix64 (Steele, Lea, Flood 2014): which weights are drawn depends on nothing but their place.
uint64_t lot(size_t layer, int64_t weight) {
  uint64_t z = (static_cast<uint64_t>(layer) << 40) + static_cast<uint64_t>(weight) + 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

int64_t totalSteps(const SampledWeight& weight, int64_t now) {
  int64_t sum = 0;
  for (const lab::ConnectionLife& life : weight.lives) sum += life.end.value_or(now) - life.begin;
  return sum;
}

}  // namespace

std::vector<SampledWeight> sampleLives(const lab::MaskReplay& replay, std::optional<size_t> layer, size_t most) {
  using Drawn = std::tuple<uint64_t, size_t, int64_t>;
  std::priority_queue<Drawn> lowest;  // the highest lot among those kept on top
  for (size_t l = layer.value_or(0); l < (layer ? *layer + 1 : replay.layerCount()); ++l)
    forEachOne(replay.explored(l), [&](int64_t weight) {
      const uint64_t drawn = lot(l, weight);
      if (lowest.size() == most && drawn >= std::get<0>(lowest.top())) return;
      lowest.emplace(drawn, l, weight);
      if (lowest.size() > most) lowest.pop();
    });
  const size_t last = replay.moments() - 1;
  std::vector<SampledWeight> sample;
  for (; !lowest.empty(); lowest.pop()) {
    const auto& [drawn, l, weight] = lowest.top();
    SampledWeight one{l, weight, replay.lives(l, weight, last)};
    if (!one.lives.empty()) sample.push_back(std::move(one));
  }
  const int64_t now = replay.step(last);
  std::ranges::sort(sample, {}, [now](const SampledWeight& w) {
    return std::tuple(w.lives.front().begin, -totalSteps(w, now), w.layer, w.weight);
  });
  return sample;
}

}  // namespace lab::ui
