#pragma once
// Forward pass, backward pass and optimizer of a multilayer perceptron with sparse layers.

#include "data/dataset.h"
#include "engines/engine.h"
#include "engines/sparse/aligned.h"
#include "engines/sparse/layer_chain.h"
#include "engines/sparse/sparse_matrix.h"
#include "engines/sparse/thread_pool.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace lab::sparse {

struct Layer {
  Layer(const LinearShape& linear, bool secondMoments);

  LayerState state() const;
  void restore(const LayerState& state);  ///< throws std::invalid_argument when it does not fit

  LinearShape shape;
  SparseMatrix matrix;
  AlignedVector<float> bias, biasMomentum;  ///< [rows]; empty: no bias
  AlignedVector<float> biasSecondMoment;    ///< [rows] where the optimizer keeps them
  Mask active, explored;
  AlignedVector<Activation> out, delta;  ///< [rows][stride], of the latest batch
  AlignedVector<float> deltaSums;        ///< [rows]
};

class Mlp {
 public:
  /// `secondMoments`: the optimizer keeps them (Adam).
  Mlp(const LayerChain& chain, std::shared_ptr<const Dataset> data, const Kernels& kernels, int threads,
      bool secondMoments = false);

  std::vector<Layer>& layers() { return layers_; }

  /// Activations and deltas of the output of one batch, its loss and accuracy.
  Sums forward(Split split, std::span<const int32_t> samples, double labelSmoothing = 0);

  /// Deltas of all layers for the batch of the last forward(), and the optimizer's step when there is one.
  void backward(const OptimizerStep* step);

  /// Gradients at the active positions of a layer, in ascending order, for the batch of the last backward().
  std::vector<float> activeGradient(size_t layer);

  /// Dense gradients [rows of the range][columns] of a layer for the batch of the last backward().
  void denseGradient(size_t layer, Range rows, float* gradient);

 private:
  void resize(int64_t samples);
  void gather(const Samples& from, std::span<const int32_t> samples);
  void forwardLayer(size_t l);
  void backwardLayer(size_t l);
  void updateLayer(size_t l, const OptimizerStep& step);
  Sums loss(int64_t samples, double labelSmoothing);
  const Activation* inputOf(size_t l) const { return l == 0 ? input_.data() : layers_[l - 1].out.data(); }
  Batch batchOf(size_t l) const { return {inputOf(l), layers_[l].delta.data(), stride_}; }

  std::shared_ptr<const Dataset> data_;
  const Kernels& kernels_;
  ThreadPool pool_;
  std::vector<Layer> layers_;
  std::vector<AlignedVector<float>> gradients_;  ///< one a thread: of a row or a few

  int64_t stride_ = 0;
  AlignedVector<Activation> input_;                                      ///< [features][stride]
  std::vector<const uint8_t*> pixels_;                                   ///< [stride]
  AlignedVector<float> label_, share_, exponentials_, margin_, answer_;  ///< [stride], as in SoftmaxJob
};

}  // namespace lab::sparse
