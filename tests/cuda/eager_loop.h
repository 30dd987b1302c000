#pragma once
// What a GPU engine is compared with: the training loop that one writes with LibTorch as it comes, by its automatic
// differentiation and its SGD. No Torch type crosses this header.

#include "data/dataset.h"
#include "network/network_spec.h"

#include <cstdint>
#include <memory>

namespace lab::bench {

struct EagerOptions {
  bool gpu = true;
  bool bfloat16 = true;   ///< by autocast, the weights staying float32
  bool official = false;  ///< masks as the published code does it: w = w × mask, m = m × mask after every step
  double density = 0.1;   ///< of those masks
};

class EagerLoop {
 public:
  EagerLoop(const NetworkSpec& network, const Dataset& data, int64_t batch, const EagerOptions& options);
  ~EagerLoop();

  void train(int64_t steps);  ///< waits for the device at the end

  /// One topology update of every layer as the published code does it: two full sorts, of weights and of gradients.
  void updateBySorting();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lab::bench
