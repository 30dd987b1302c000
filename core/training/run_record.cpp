#include "training/run_record.h"

namespace lab {

namespace {

std::vector<int64_t> allWeights(const std::vector<WeightLayer>& layers) {
  std::vector<int64_t> counts;
  for (const WeightLayer& layer : layers) counts.push_back(layer.weights);
  return counts;
}

}  // namespace

FlopsMeter::FlopsMeter(const std::vector<WeightLayer>& layers, const std::vector<int64_t>& active)
    : layers_(layers), sparseStep_(stepFlops(layers, active)), denseStep_(stepFlops(layers, allWeights(layers))) {}

void FlopsMeter::setActive(const std::vector<int64_t>& active) { sparseStep_ = stepFlops(layers_, active); }

void FlopsMeter::add(int64_t samples, bool denseGradient) {
  const auto count = static_cast<double>(samples);
  const double weightGradient = denseGradient ? denseStep_.weightGradient : sparseStep_.weightGradient;
  spent_ += count * (sparseStep_.forward + sparseStep_.inputGradient + weightGradient);
  dense_ += count * denseStep_.total();
}

}  // namespace lab
