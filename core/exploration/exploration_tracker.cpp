#include "exploration/exploration_tracker.h"

#include <algorithm>
#include <stdexcept>

namespace lab {

namespace {

constexpr uint32_t kMostUpdates = (1u << 24) - 1;  // what sinceUpdate can hold
constexpr uint32_t kMostLives = 255;
constexpr auto kLifeBits = static_cast<uint32_t>(ExplorationTracker::kMostLifeSteps);
constexpr auto kTestBits = static_cast<uint32_t>(ExplorationTracker::kMostSurvivedTests);

/// Positions ascend, so what will be touched soon is known: it is fetched while the ones before are worked on.
template <class Record, class Visit>
void forEachFetchedAhead(const std::vector<int64_t>& positions, std::vector<Record>& records, Visit visit) {
  constexpr size_t kAhead = 24;
  for (size_t i = 0; i < positions.size(); ++i) {
    __builtin_prefetch(&records[static_cast<size_t>(positions[std::min(i + kAhead, positions.size() - 1)])], 1);
    visit(positions[i]);
  }
}

}  // namespace

ExplorationTracker::ExplorationTracker(std::vector<Mask> initial, int64_t reliableSteps)
    : reliableSteps_(reliableSteps) {
  for (Mask& mask : initial) {
    std::vector<Position> positions(static_cast<size_t>(mask.size()));
    forEachOne(mask, [&](int64_t i) {
      Position& p = positions[static_cast<size_t>(i)];
      p.initial = p.lives = 1;
    });
    addLayer(mask, mask, std::move(positions));
  }
  advanceTo(0);
}

/// Counts what the positions say. Precondition: firstYoung_ is 0.
void ExplorationTracker::addLayer(Mask active, Mask explored, std::vector<Position> positions) {
  Layer& layer = layers_.emplace_back();
  layer.active = std::move(active);
  layer.explored = std::move(explored);
  layer.positions = std::move(positions);
  layer.activeCount = layer.active.count();
  layer.exploredCount = layer.explored.count();
  layer.young.resize(stepOfUpdate_.size());
  weights_ += layer.active.size();
  forEachOne(layer.explored, [&](int64_t i) { layer.reliableEnded += unproven(layer.at(i)) ? 0 : 1; });
  forEachOne(layer.active, [&](int64_t i) {
    const Position& p = layer.at(i);
    layer.survivors += p.sinceUpdate == 0;
    layer.initialEdges += p.initial;
    Cohort& cohort = cohortOf(layer, p);
    ++cohort.living;
    cohort.unproven += unproven(p) ? 1 : 0;
  });
}

ExplorationTracker::Cohort& ExplorationTracker::cohortOf(Layer& layer, const Position& p) {
  const int64_t place = int64_t{p.sinceUpdate} - firstYoung_;
  return place < 0 ? layer.old : layer.young[static_cast<size_t>(place)];
}

void ExplorationTracker::endLife(Layer& layer, int64_t position, const TopologyEvent& event) {
  Position& p = layer.at(position);
  const int64_t length = event.step - stepOfUpdate_[p.sinceUpdate];
  Cohort& cohort = cohortOf(layer, p);
  --cohort.living;
  if (unproven(p)) {
    --cohort.unproven;
    layer.reliableEnded += length >= reliableSteps_;
  }
  p.longestEnded = static_cast<uint32_t>(std::max<int64_t>(p.longestEnded, length));
  p.totalEnded = static_cast<uint32_t>(std::min(p.totalEnded + length, kMostLifeSteps)) & kLifeBits;
  if (p.sinceUpdate == 0) {
    --layer.survivors;
  } else {
    // The update that drops it is the first test it fails.
    const int64_t tests = event.update - p.sinceUpdate - 1;
    p.survivedTests =
        static_cast<uint32_t>(std::max<int64_t>(p.survivedTests, std::min(tests, kMostSurvivedTests))) & kTestBits;
    ++endedGrownLives_[static_cast<size_t>(length)];
    growth_.wasted += tests == 0;
  }
  layer.initialEdges -= p.initial;
  p.sinceUpdate = static_cast<uint32_t>(event.update) & kMostUpdates;
  layer.active.clear(position);
}

void ExplorationTracker::beginLife(Layer& layer, int64_t position) {
  Position& p = layer.at(position);
  const auto update = static_cast<uint32_t>(updates());
  growth_.regrownAtOnce += uint32_t{p.sinceUpdate} == update;  // its last life ended just now
  p.sinceUpdate = update & kMostUpdates;
  p.lives = std::min(p.lives + 1u, kMostLives) & kMostLives;
  layer.initialEdges += p.initial;
  ++layer.young.back().living;
  layer.young.back().unproven += unproven(p);
  layer.active.set(position);
  layer.exploredCount += !layer.explored.test(position);
  layer.explored.set(position);
}

void ExplorationTracker::apply(const TopologyEvent& event) {
  if (event.layers.size() != layers_.size() || event.update != updates() + 1 || event.step < step_)
    throw std::logic_error("topology events must come in order, one change a layer");
  if (event.update > kMostUpdates) throw std::length_error("exploration is tracked for 2^24 - 1 updates at most");
  advanceTo(event.step);
  stepOfUpdate_.push_back(event.step);
  endedGrownLives_.resize(static_cast<size_t>(event.step) + 1);
  for (size_t l = 0; l < layers_.size(); ++l) {
    Layer& layer = layers_[l];
    const LayerChange& change = event.layers[l];
    layer.young.emplace_back();
    forEachFetchedAhead(change.dropped, layer.positions, [&](int64_t i) { endLife(layer, i, event); });
    forEachFetchedAhead(change.grown, layer.positions, [&](int64_t i) { beginLife(layer, i); });
    layer.lastDropped = static_cast<int64_t>(change.dropped.size());
    layer.lastGrown = static_cast<int64_t>(change.grown.size());
    layer.activeCount += layer.lastGrown - layer.lastDropped;
    growth_.grown += layer.lastGrown;
  }
  advanceTo(event.step);  // where reliableSteps is 0, what was just grown is old
}

void ExplorationTracker::advanceTo(int64_t step) {
  for (const Layer& layer : layers_) activeSteps_ += layer.activeCount * std::max<int64_t>(0, step - step_);
  step_ = std::max(step_, step);
  for (; firstYoung_ <= updates() && step_ - stepOfUpdate_[static_cast<size_t>(firstYoung_)] >= reliableSteps_;
       ++firstYoung_)
    for (Layer& layer : layers_) {
      layer.old.living += layer.young.front().living;
      layer.old.unproven += layer.young.front().unproven;
      layer.young.pop_front();
    }
}

TrackerState ExplorationTracker::state() const {
  TrackerState state{{}, reliableSteps_, step_, activeSteps_, stepOfUpdate_, endedGrownLives_, growth_};
  for (const Layer& layer : layers_) {
    TrackedLayer& kept = state.layers.emplace_back();
    kept.initial = Mask(layer.active.size());
    kept.active = layer.active;
    kept.explored = layer.explored;
    forEachOne(layer.explored, [&](int64_t i) {
      const Position& p = layer.at(i);
      if (p.initial) kept.initial.set(i);
      kept.sinceUpdate.push_back(p.sinceUpdate);
      kept.longestEnded.push_back(p.longestEnded);
      kept.totalEnded.push_back(p.totalEnded);
      kept.survivedTests.push_back(p.survivedTests);
      kept.lives.push_back(p.lives);
    });
    kept.lastGrown = layer.lastGrown;
    kept.lastDropped = layer.lastDropped;
  }
  return state;
}

namespace {

void requireSound(const TrackerState& state) {
  const auto require = [](bool holds) {
    if (!holds) throw std::invalid_argument("the state of an exploration tracker contradicts itself");
  };
  const auto& steps = state.stepOfUpdate;
  require(!steps.empty() && steps.front() == 0 && std::is_sorted(steps.begin(), steps.end()) &&
          steps.back() <= state.step && steps.size() <= size_t{kMostUpdates} + 1);
  require(static_cast<int64_t>(state.endedGrownLives.size()) <= state.step + 1);
  for (const TrackedLayer& layer : state.layers) {
    const auto explored = static_cast<size_t>(layer.explored.count());
    require(layer.sinceUpdate.size() == explored && layer.longestEnded.size() == explored &&
            layer.totalEnded.size() == explored && layer.survivedTests.size() == explored &&
            layer.lives.size() == explored);
    require(layer.active.size() == layer.explored.size() && layer.initial.size() == layer.explored.size());
    Mask known = layer.explored;
    known |= layer.active;
    known |= layer.initial;
    require(known == layer.explored);
    for (const uint32_t update : layer.sinceUpdate) require(update < steps.size());
  }
}

}  // namespace

ExplorationTracker::ExplorationTracker(const TrackerState& state)
    : reliableSteps_(state.reliableSteps),
      step_(state.step),
      activeSteps_(state.activeSteps),
      stepOfUpdate_(state.stepOfUpdate),
      endedGrownLives_(state.endedGrownLives),
      growth_(state.growth) {
  requireSound(state);
  for (const TrackedLayer& kept : state.layers) {
    std::vector<Position> positions(static_cast<size_t>(kept.explored.size()));
    size_t place = 0;
    forEachOne(kept.explored, [&](int64_t i) {
      Position& p = positions[static_cast<size_t>(i)];
      p.sinceUpdate = kept.sinceUpdate[place] & kMostUpdates;
      p.lives = kept.lives[place];
      p.longestEnded = kept.longestEnded[place];
      p.totalEnded = kept.totalEnded[place] & kLifeBits;
      p.survivedTests = kept.survivedTests[place] & kTestBits;
      p.initial = kept.initial.test(i);
      ++place;
    });
    addLayer(kept.active, kept.explored, std::move(positions));
    layers_.back().lastGrown = kept.lastGrown;
    layers_.back().lastDropped = kept.lastDropped;
  }
  advanceTo(state.step);
}

}  // namespace lab
