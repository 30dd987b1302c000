#include "engines/masked/operations.h"

#include <ATen/ops/add.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices_backward.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/native_batch_norm.h>
#include <ATen/ops/native_batch_norm_backward.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>

#include <array>
#include <stdexcept>
#include <vector>

// oneDNN's matrix product, result = beta result + alpha a b for any strides. LibTorch exports it, but does not
// install the header that declares it; its own at::mm takes MKL, which has less than half the speed on AMD's
// processors.
namespace at::native {
TORCH_API void mkldnn_matmul(const Tensor& a, const Tensor& b, const Tensor& result, float beta, float alpha);
}

namespace lab::masked {

namespace {

void product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& result) {
  at::native::mkldnn_matmul(a, b, result, 0, 1);
}

/// With the channels innermost; `in` itself where it is so already.
at::Tensor channelsLast(const at::Tensor& in) {
  constexpr auto kFormat = at::MemoryFormat::ChannelsLast;
  if (in.suggest_memory_format() == kFormat) return in;
  return at::empty(in.sizes(), in.options().memory_format(kFormat)).copy_(in);  // contiguous() may do nothing
}

at::Tensor asMatrix(const at::Tensor& vectors) { return vectors.reshape({vectors.size(0), vectors.size(1)}); }
at::Tensor asVectors(const at::Tensor& matrix) { return matrix.view({matrix.size(0), matrix.size(1), 1, 1}); }

Parameters makeParameters(at::IntArrayRef weight, bool bias) {
  Parameters p{at::zeros(weight), at::zeros(weight), {}, {}, {}, {}};
  if (bias) {
    p.bias = at::zeros(weight[0]);
    p.biasGradient = at::zeros(weight[0]);
  }
  return p;
}

class Linear final : public Operation {
 public:
  Linear(int64_t inputs, int64_t outputs, bool bias) : p_(makeParameters({outputs, inputs}, bias)) {}

  at::Tensor forward(at::TensorList in, bool) override {
    in_ = asMatrix(in[0]);
    out_.resize_({in_.size(0), p_.weight.size(0)});
    product(in_, p_.weight.t(), out_);
    if (p_.bias.defined()) out_.add_(p_.bias);
    return asVectors(out_);
  }

  at::Tensor backward(const at::Tensor& deltas, bool, bool wanted) override {
    const at::Tensor delta = asMatrix(deltas);
    product(delta.t(), in_, p_.weightGradient);
    if (p_.bias.defined()) at::sum_out(p_.biasGradient, delta, {0});
    if (!wanted) return {};
    below_.resize_(in_.sizes());
    product(delta, p_.weight, below_);
    return asVectors(below_);
  }

  Parameters* parameters() override { return &p_; }

 private:
  Parameters p_;
  at::Tensor in_, out_ = at::empty({0}), below_ = at::empty({0});
};

class Conv2d final : public Operation {
 public:
  Conv2d(const Op& op, int64_t channels)
      : p_(makeParameters({op.outputs, channels, op.kernel, op.kernel}, op.bias)),
        stride_{op.stride, op.stride},
        padding_{op.padding, op.padding} {}

  at::Tensor forward(at::TensorList in, bool training) override {
    const at::Tensor from = channelsLast(in[0]);
    in_ = training ? from : at::Tensor();
    return at::convolution(from, p_.weight, p_.bias, stride_, padding_, kNoDilation, false, kNoOutputPadding, 1);
  }

  at::Tensor backward(const at::Tensor& delta, bool, bool wanted) override {
    auto [below, weight, bias] = at::convolution_backward(
        channelsLast(delta), in_, p_.weight, p_.weight.sizes().slice(0, 1), stride_, padding_, kNoDilation, false,
        kNoOutputPadding, 1, {wanted, true, p_.bias.defined()});
    p_.weightGradient.copy_(weight);
    if (p_.bias.defined()) p_.biasGradient.copy_(bias);
    return below;
  }

  Parameters* parameters() override { return &p_; }

 private:
  static constexpr std::array<int64_t, 2> kNoDilation{1, 1}, kNoOutputPadding{0, 0};
  Parameters p_;
  std::array<int64_t, 2> stride_, padding_;
  at::Tensor in_;
};

class BatchNorm final : public Operation {
 public:
  explicit BatchNorm(int64_t channels) : p_(makeParameters({channels}, true)) {
    p_.mean = at::zeros(channels);
    p_.variance = at::ones(channels);
  }

  at::Tensor forward(at::TensorList in, bool training) override {
    in_ = isImage(in[0]) ? channelsLast(in[0]) : in[0];
    // One value a channel has no variance to learn from: the running ones stay.
    const bool track = !training || in_.numel() > in_.size(1);
    auto [out, mean, deviation] =
        at::native_batch_norm(in_, p_.weight, p_.bias, track ? p_.mean : at::Tensor(),
                              track ? p_.variance : at::Tensor(), training, kNormMomentum, kNormEpsilon);
    if (!training) in_.reset();
    mean_ = mean;
    inverseDeviation_ = deviation;
    return out;
  }

  at::Tensor backward(const at::Tensor& delta, bool, bool wanted) override {
    auto [below, scale, shift] = at::native_batch_norm_backward(
        isImage(delta) ? channelsLast(delta) : delta, in_, p_.weight, p_.mean, p_.variance, mean_,
        inverseDeviation_, true, kNormEpsilon, {wanted, true, true});
    p_.weightGradient.copy_(scale);
    p_.biasGradient.copy_(shift);
    return below;
  }

  Parameters* parameters() override { return &p_; }

 private:
  static bool isImage(const at::Tensor& in) { return in.size(2) * in.size(3) > 1; }

  Parameters p_;
  at::Tensor in_, mean_, inverseDeviation_;  ///< of the batch
};

class ReLU final : public Operation {
 public:
  explicit ReLU(bool inPlace) : inPlace_(inPlace) {}

  at::Tensor forward(at::TensorList in, bool training) override {
    at::Tensor out = inPlace_ ? in[0] : at::relu(in[0]);
    if (inPlace_) out.relu_();
    out_ = training ? out : at::Tensor();
    return out;
  }

  at::Tensor backward(const at::Tensor& delta, bool owned, bool) override {
    if (!owned) return at::threshold_backward(delta, out_, 0);
    at::Tensor below = delta;
    return at::threshold_backward_out(below, delta, out_, 0);
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
    in_ = channelsLast(in[0]);
    auto [out, chosen] = at::max_pool2d_with_indices(in_, kernel_, stride_, padding_);
    if (!training) in_.reset();
    chosen_ = training ? chosen : at::Tensor();
    return out;
  }

  at::Tensor backward(const at::Tensor& delta, bool, bool wanted) override {
    if (!wanted) return {};
    return at::max_pool2d_with_indices_backward(channelsLast(delta), in_, kernel_, stride_, padding_, kNoDilation,
                                                false, chosen_);
  }

 private:
  static constexpr std::array<int64_t, 2> kNoDilation{1, 1};
  std::array<int64_t, 2> kernel_, stride_, padding_;
  at::Tensor in_, chosen_;
};

class GlobalAvgPool final : public Operation {
 public:
  at::Tensor forward(at::TensorList in, bool) override {
    shape_ = in[0].sizes().vec();
    return at::mean(in[0], at::IntArrayRef{2, 3}, true);
  }

  at::Tensor backward(const at::Tensor& delta, bool, bool wanted) override {
    if (!wanted) return {};
    const at::Tensor below = at::empty(shape_, delta.options().memory_format(at::MemoryFormat::ChannelsLast));
    return below.copy_(delta.div(static_cast<double>(shape_[2] * shape_[3])));
  }

 private:
  std::vector<int64_t> shape_;
};

class Add final : public Operation {
 public:
  at::Tensor forward(at::TensorList in, bool) override { return at::add(in[0], in[1]); }
  at::Tensor backward(const at::Tensor& delta, bool, bool) override { return delta; }
};

/// In the order of channels, height, width, whatever the order in memory.
class Flatten final : public Operation {
 public:
  at::Tensor forward(at::TensorList in, bool) override {
    shape_ = in[0].sizes().vec();
    return in[0].contiguous().view({shape_[0], -1, 1, 1});
  }
  at::Tensor backward(const at::Tensor& delta, bool, bool) override { return delta.view(shape_); }

 private:
  std::vector<int64_t> shape_;
};

}  // namespace

std::unique_ptr<Operation> makeOperation(const Op& op, const Shape& input, bool inPlace) {
  switch (op.kind) {
    case OpKind::Linear:
      return std::make_unique<Linear>(input.size(), op.outputs, op.bias);
    case OpKind::Conv2d:
      return std::make_unique<Conv2d>(op, input.channels);
    case OpKind::BatchNorm:
      return std::make_unique<BatchNorm>(input.channels);
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
  throw std::logic_error("an operation that the masked engine does not know");
}

}  // namespace lab::masked
