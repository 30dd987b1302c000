#include "engines/masked/masked_norm.h"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace lab::masked {

namespace {

std::vector<float> copied(std::span<const float> values) { return {values.begin(), values.end()}; }

void fill(std::span<float> to, const std::vector<float>& from) {
  if (from.size() != to.size()) throw std::invalid_argument("the state of a batch norm of another width");
  std::copy(from.begin(), from.end(), to.begin());
}

void fillOrZero(std::span<float> to, const std::vector<float>& from) {
  if (from.empty())
    std::fill(to.begin(), to.end(), 0.0f);
  else
    fill(to, from);
}

}  // namespace

MaskedNorm::MaskedNorm(const NormTensors& tensors, bool secondMoments)
    : tensors_(tensors),
      scaleMomentum_(tensors.scale.size()),
      shiftMomentum_(tensors.shift.size()),
      scaleSecondMoment_(secondMoments ? tensors.scale.size() : 0),
      shiftSecondMoment_(scaleSecondMoment_) {}

void MaskedNorm::step(const OptimizerKernel& kernel, const OptimizerStep& step) {
  const auto size = static_cast<int64_t>(tensors_.scale.size());
  kernel.run({tensors_.scale.data(), scaleMomentum_.data(), scaleSecondMoment_.data(), tensors_.scaleGradient.data(),
              nullptr, size},
             step);
  kernel.run({tensors_.shift.data(), shiftMomentum_.data(), shiftSecondMoment_.data(), tensors_.shiftGradient.data(),
              nullptr, size},
             step);
}

NormState MaskedNorm::state() const {
  NormState state;
  state.scale = copied(tensors_.scale);
  state.shift = copied(tensors_.shift);
  state.mean = copied(tensors_.mean);
  state.variance = copied(tensors_.variance);
  state.scaleMomentum = scaleMomentum_;
  state.shiftMomentum = shiftMomentum_;
  state.scaleSecondMoment = scaleSecondMoment_;
  state.shiftSecondMoment = shiftSecondMoment_;
  return state;
}

void MaskedNorm::restore(const NormState& state) {
  fill(tensors_.scale, state.scale);
  fill(tensors_.shift, state.shift);
  fill(tensors_.mean, state.mean);
  fill(tensors_.variance, state.variance);
  fillOrZero(scaleMomentum_, state.scaleMomentum);
  fillOrZero(shiftMomentum_, state.shiftMomentum);
  if (scaleSecondMoment_.empty()) return;
  fillOrZero(scaleSecondMoment_, state.scaleSecondMoment);
  fillOrZero(shiftSecondMoment_, state.shiftSecondMoment);
}

}  // namespace lab::masked
