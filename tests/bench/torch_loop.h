#pragma once
// A training loop as one writes it in LibTorch: modules, autograd, optim::SGD. The baseline of the comparisons.

#include "engines/engine.h"
#include "fixture.h"

#include <memory>

namespace lab::bench {

enum class Masking {
  None,     ///< a bare dense loop
  Official  ///< after every step w = w * mask and m = m * mask with float masks, as the published code of ITOP
};

class TorchLoop {
 public:
  /// The images are normalised beforehand and the batch is gathered by index_select.
  TorchLoop(const Fixture& fixture, Masking masking);
  ~TorchLoop();

  void train(int64_t steps);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string torchVersion();

/// What a topology update costs that finds its thresholds by sorting, as published codes do. One thread.
class TorchUpdate {
 public:
  TorchUpdate(const std::vector<WeightLayer>& layers, int64_t batch);
  ~TorchUpdate();
  void sorts();              ///< of each layer, |weights| and |gradients|
  void gradientsAndSorts();  ///< the dense gradients of a batch first: a whole update of RigL

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lab::bench
