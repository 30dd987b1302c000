#include "engines/cuda/operations.h"

#include "engines/cuda/packed_linear.h"

#include <ATen/ops/_batch_norm_impl_index.h>
#include <ATen/ops/_batch_norm_impl_index_backward.h>
#include <ATen/ops/add.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices_backward.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/threshold_backward.h>

#include <array>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace lab::cuda {

namespace {

constexpr std::array<int64_t, 2> kNoDilation{1, 1}, kNoOutputPadding{0, 0};

at::Tensor channelsLast(const at::Tensor& in) { return in.contiguous(at::MemoryFormat::ChannelsLast); }
at::Tensor asMatrix(const at::Tensor& vectors) { return vectors.reshape({vectors.size(0), vectors.size(1)}); }
at::Tensor asVectors(const at::Tensor& matrix) { return matrix.view({matrix.size(0), matrix.size(1), 1, 1}); }

class Linear final : public Operation {
 public:
  Linear(const Op& op, const Shape& input, const Parameter& parameter) {
    const ArenaPlan::Layer& layer = parameter.arena.plan().layers[parameter.layer];
    weight_ = parameter.arena.compute(layer.weight, {op.outputs, input.size()});
    weightGradient_ = parameter.arena.gradient(layer.weight, {op.outputs, input.size()});
    if (!op.bias) return;
    bias_ = parameter.arena.compute(layer.bias, {op.outputs});
    biasGradient_ = parameter.arena.gradient(layer.bias, {op.outputs});
  }

  at::Tensor forward(at::TensorList in, bool training) override {
    const at::Tensor matrix = asMatrix(in[0]);
    if (training) in_ = matrix;
    return asVectors(bias_.defined() ? at::addmm(bias_, matrix, weight_.t()) : at::mm(matrix, weight_.t()));
  }

  at::Tensor backward(const at::Tensor& deltas, bool wanted) override {
    const at::Tensor delta = asMatrix(deltas), in = std::exchange(in_, {});
    if (delta.scalar_type() == at::kFloat)
      at::mm_out(weightGradient_, delta.t(), in);
    else
      weightGradient_.copy_(at::mm(delta.t(), in));
    if (bias_.defined()) at::sum_out(biasGradient_, delta, {0}, false, at::kFloat);
    return wanted ? asVectors(at::mm(delta, weight_)) : at::Tensor();
  }

  bool hasParameters() const override { return true; }

 private:
  at::Tensor weight_, weightGradient_, bias_, biasGradient_, in_;
};

class Conv2d final : public Operation {
 public:
  Conv2d(const Op& op, const Shape& input, const Parameter& parameter)
      : stride_{op.stride, op.stride}, padding_{op.padding, op.padding} {
    const ArenaPlan::Layer& layer = parameter.arena.plan().layers[parameter.layer];
    const std::array<int64_t, 4> shape{op.outputs, input.channels, op.kernel, op.kernel};
    weight_ = parameter.arena.compute(layer.weight, shape);
    weightGradient_ = parameter.arena.gradient(layer.weight, shape);
    if (!op.bias) return;
    bias_ = parameter.arena.compute(layer.bias, {op.outputs});
    biasGradient_ = parameter.arena.gradient(layer.bias, {op.outputs});
  }

  at::Tensor forward(at::TensorList in, bool training) override {
    const at::Tensor from = channelsLast(in[0]);
    if (training) in_ = from;
    return at::convolution(from, weight_, bias_.defined() ? std::optional(bias_) : std::nullopt, stride_, padding_,
                           kNoDilation, false, kNoOutputPadding, 1);
  }

  at::Tensor backward(const at::Tensor& delta, bool wanted) override {
    const at::Tensor in = std::exchange(in_, {});
    const auto [below, weight, bias] =
        at::convolution_backward(channelsLast(delta), in, weight_, weight_.sizes().slice(0, 1), stride_, padding_,
                                 kNoDilation, false, kNoOutputPadding, 1, {wanted, true, bias_.defined()});
    weightGradient_.copy_(weight);
    if (bias_.defined()) biasGradient_.copy_(bias);
    return below;
  }

  bool hasParameters() const override { return true; }

 private:
  std::array<int64_t, 2> stride_, padding_;
  at::Tensor weight_, weightGradient_, bias_, biasGradient_, in_;
};

/// Scale, shift and statistics are float32 in either precision.
class BatchNorm final : public Operation {
 public:
  explicit BatchNorm(const Parameter& parameter) {
    const ArenaPlan::Norm& norm = parameter.arena.plan().norms[parameter.norm];
    const int64_t channels = parameter.arena.plan().segments[static_cast<size_t>(norm.scale)].size;
    scale_ = parameter.arena.weight(norm.scale);
    shift_ = parameter.arena.weight(norm.shift);
    scaleGradient_ = parameter.arena.gradient(norm.scale, {channels});
    shiftGradient_ = parameter.arena.gradient(norm.shift, {channels});
    mean_ = parameter.arena.mean(parameter.norm);
    variance_ = parameter.arena.variance(parameter.norm);
  }

  at::Tensor forward(at::TensorList in, bool training) override {
    const at::Tensor from = in[0].size(2) * in[0].size(3) > 1 ? channelsLast(in[0]) : in[0];
    // One value a channel has no variance to learn from: the running ones stay.
    const bool track = !training || from.numel() > from.size(1);
    Kept kept;
    at::Tensor out;
    std::tie(out, kept.mean, kept.deviation, kept.reserve, kept.implementation) =
        at::_batch_norm_impl_index(from, scale_, shift_, track ? std::optional(mean_) : std::nullopt,
                                   track ? std::optional(variance_) : std::nullopt, training, kNormMomentum,
                                   kNormEpsilon, true);
    kept.in = from;
    if (training) kept_ = std::move(kept);
    return out;
  }

  at::Tensor backward(const at::Tensor& delta, bool wanted) override {
    const Kept kept = std::exchange(kept_, {});
    const bool image = delta.size(2) * delta.size(3) > 1;
    const auto [below, scale, shift] = at::_batch_norm_impl_index_backward(
        kept.implementation, kept.in, image ? channelsLast(delta) : delta, scale_, mean_, variance_, kept.mean,
        kept.deviation, true, kNormEpsilon, {wanted, true, true}, kept.reserve);
    scaleGradient_.copy_(scale);
    shiftGradient_.copy_(shift);
    return below;
  }

  bool hasParameters() const override { return true; }

 private:
  struct Kept {
    at::Tensor in, mean, deviation, reserve;
    int64_t implementation = 0;
  };
  at::Tensor scale_, shift_, scaleGradient_, shiftGradient_, mean_, variance_;
  Kept kept_;
};

class ReLU final : public Operation {
 public:
  explicit ReLU(bool inPlace) : inPlace_(inPlace) {}

  at::Tensor forward(at::TensorList in, bool training) override {
    at::Tensor out = in[0];
    if (inPlace_)
      out.relu_();
    else
      out = at::relu(out);
    if (training) out_ = out;
    return out;
  }

  at::Tensor backward(const at::Tensor& delta, bool) override {
    return at::threshold_backward(delta, std::exchange(out_, {}), 0);
  }

 private:
  bool inPlace_;
  at::Tensor out_;
};

class MaxPool final : public Operation {
 public:
  explicit MaxPool(const Op& op)
      : kernel_{op.kernel, op.kernel}, stride_{op.stride, op.stride}, padding_{op.padding, op.padding} {}

  at::Tensor forward(at::TensorList in, bool training) override {
    const at::Tensor from = channelsLast(in[0]);
    auto [out, chosen] = at::max_pool2d_with_indices(from, kernel_, stride_, padding_);
    if (training) {
      in_ = from;
      chosen_ = chosen;
    }
    return out;
  }

  at::Tensor backward(const at::Tensor& delta, bool wanted) override {
    const at::Tensor in = std::exchange(in_, {}), chosen = std::exchange(chosen_, {});
    if (!wanted) return {};
    return at::max_pool2d_with_indices_backward(channelsLast(delta), in, kernel_, stride_, padding_, kNoDilation, false,
                                                chosen);
  }

 private:
  std::array<int64_t, 2> kernel_, stride_, padding_;
  at::Tensor in_, chosen_;
};

class GlobalAvgPool final : public Operation {
 public:
  at::Tensor forward(at::TensorList in, bool) override {
    shape_ = in[0].sizes().vec();
    return at::mean(in[0], at::IntArrayRef{2, 3}, true);
  }

  at::Tensor backward(const at::Tensor& delta, bool wanted) override {
    if (!wanted) return {};
    return channelsLast(delta.div(static_cast<double>(shape_[2] * shape_[3])).expand(shape_));
  }

 private:
  std::vector<int64_t> shape_;
};

class Add final : public Operation {
 public:
  at::Tensor forward(at::TensorList in, bool) override { return at::add(in[0], in[1]); }
  at::Tensor backward(const at::Tensor& delta, bool) override { return delta; }
};

/// In the order of channels, height, width, whatever the order in memory.
class Flatten final : public Operation {
 public:
  at::Tensor forward(at::TensorList in, bool) override {
    shape_ = in[0].sizes().vec();
    return in[0].contiguous().view({shape_[0], -1, 1, 1});
  }
  at::Tensor backward(const at::Tensor& delta, bool) override { return delta.reshape(shape_); }

 private:
  std::vector<int64_t> shape_;
};

}  // namespace

std::unique_ptr<Operation> makeOperation(const Op& op, const Shape& input, const Parameter& parameter, bool inPlace) {
  switch (op.kind) {
    case OpKind::Linear:
      if (parameter.arena.runs() > 1) return makePackedLinear(op, input, parameter);
      return std::make_unique<Linear>(op, input, parameter);
    case OpKind::Conv2d:
      return std::make_unique<Conv2d>(op, input, parameter);
    case OpKind::BatchNorm:
      return std::make_unique<BatchNorm>(parameter);
    case OpKind::ReLU:
      return std::make_unique<ReLU>(inPlace);
    case OpKind::MaxPool:
      return std::make_unique<MaxPool>(op);
    case OpKind::GlobalAvgPool:
      return std::make_unique<GlobalAvgPool>();
    case OpKind::Add:
      return std::make_unique<Add>();
    case OpKind::Flatten:
      return std::make_unique<Flatten>();
  }
  throw std::logic_error("an operation that the GPU engine does not know");
}

}  // namespace lab::cuda
