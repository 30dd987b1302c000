#pragma once
// A layer on the host as topology updates see it: for engines without arithmetic, and for tests of the update itself.

#include "engines/engine.h"

#include <stdexcept>
#include <vector>

namespace lab::test {

class StateLayer final : public TopologyLayer {
 public:
  /// `scores`: what gradients and momenta of all positions are taken from; empty: zero everywhere.
  StateLayer(LayerState& state, int64_t rows, std::vector<float> gradient = {}, std::vector<float> momentum = {})
      : state_(state), rows_(rows), gradient_(std::move(gradient)), momentum_(std::move(momentum)) {
    gradient_.resize(static_cast<size_t>(state.active.size()));
    momentum_.resize(static_cast<size_t>(state.active.size()));
  }

  int64_t rows() const override { return rows_; }
  int64_t columns() const override { return state_.active.size() / rows_; }
  const Mask& active() const override { return state_.active; }
  int64_t activeCount() const override { return state_.active.count(); }
  const Mask& explored() const override { return state_.explored; }
  std::span<const float> weights() override { return state_.weights; }

  std::vector<float> atActive(Score score) override {
    std::vector<float> result;
    forEachOne(state_.active, [&](int64_t i) { result.push_back(all(score)[static_cast<size_t>(i)]); });
    return result;
  }

  std::vector<int64_t> positionsOf(std::span<const int64_t> places) const override {
    const auto positions = state_.active.positions();
    std::vector<int64_t> result;
    for (const int64_t place : places) result.push_back(positions[static_cast<size_t>(place)]);
    return result;
  }

  void scan(Score score, const Block& block) override {
    const auto& values = all(score);
    const size_t half = values.size() / 2;  // two blocks, so that nobody relies on one
    block(0, std::span(values).first(half));
    block(static_cast<int64_t>(half), std::span(values).subspan(half));
  }

  void replace(std::span<const int64_t> places, std::span<const int64_t> dropped,
               std::span<const int64_t> grown) override {
    std::vector<float> weight(static_cast<size_t>(state_.active.size())), momentum(weight.size());
    size_t place = 0;
    forEachOne(state_.active, [&](int64_t i) {
      weight[static_cast<size_t>(i)] = state_.weights[place];
      if (!state_.momentum.empty()) momentum[static_cast<size_t>(i)] = state_.momentum[place];
      ++place;
    });
    const auto before = state_.active.positions();
    for (const int64_t p : places) {
      const int64_t i = before[static_cast<size_t>(p)];
      state_.active.clear(i);
      weight[static_cast<size_t>(i)] = momentum[static_cast<size_t>(i)] = 0;
    }
    for (const int64_t i : dropped)
      if (state_.active.test(i)) throw std::logic_error("places and positions name different weights");
    for (const int64_t i : grown) {
      if (state_.active.test(i)) throw std::logic_error("an active position was grown");
      state_.active.set(i);
    }
    state_.explored |= state_.active;
    state_.weights.clear();
    state_.momentum.clear();
    forEachOne(state_.active, [&](int64_t i) {
      state_.weights.push_back(weight[static_cast<size_t>(i)]);
      state_.momentum.push_back(momentum[static_cast<size_t>(i)]);
    });
  }

 private:
  const std::vector<float>& all(Score score) const { return score == Score::Gradient ? gradient_ : momentum_; }

  LayerState& state_;
  int64_t rows_;
  std::vector<float> gradient_, momentum_;
};

}  // namespace lab::test
