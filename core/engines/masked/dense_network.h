#pragma once
// Forward and backward pass of a network with dense weights, by LibTorch. No Torch type crosses this header.

#include "engines/engine.h"
#include "network/network_spec.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace lab::masked {

/// One weight layer's own memory, in the order of weightLayers(). Empty bias: none.
struct LayerTensors {
  std::span<float> weight, bias;
  std::span<const float> weightGradient, biasGradient;
};

/// A batch normalisation's own memory, in the order of normLayers(); one value a channel.
struct NormTensors {
  std::span<float> scale, shift;
  std::span<const float> scaleGradient, shiftGradient;
  std::span<float> mean, variance;  ///< running, of the batches seen in training
};

/// Training: a batch is normalised by its own statistics, and backward() may follow. Evaluation: by the running
/// ones.
enum class Pass { Training, Evaluation };

class DenseNetwork {
 public:
  /// Why this engine cannot train a network; empty when it can.
  static std::string refusal(const NetworkSpec& spec);

  /// All weights are zero. Precondition: refusal(spec) is empty.
  explicit DenseNetwork(const NetworkSpec& spec);
  ~DenseNetwork();

  const std::vector<LayerTensors>& layers() const { return layers_; }
  const std::vector<NormTensors>& norms() const { return norms_; }

  /// Values that operations give for one sample, all together: what bounds the size of a batch.
  int64_t activationsPerSample() const { return activationsPerSample_; }

  /// Where the next batch is to be written: [samples][channels][height][width].
  std::span<float> input(int64_t samples);

  /// Cross-entropy on the batch in input(); one label a sample. In training labels are smoothed.
  Sums forward(std::span<const Label> labels, Pass pass, double labelSmoothing = 0);

  /// Gradients of the mean cross-entropy of the batch that forward() has just seen in training.
  void backward();

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
  std::vector<LayerTensors> layers_;
  std::vector<NormTensors> norms_;
  int64_t activationsPerSample_ = 0;
};

/// LibTorch's operations use so many threads when called from this one.
void useThreads(int64_t threads);

}  // namespace lab::masked
