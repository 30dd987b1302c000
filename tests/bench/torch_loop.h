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

/// Sorts |weights| of each layer twice, as drop and growth by thresholds do.
class TorchSorts {
 public:
  explicit TorchSorts(const std::vector<int64_t>& layerSizes);
  ~TorchSorts();
  void run();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lab::bench
