#include "engines/masked/operations.h"

#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices_backward.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>

#include <array>

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

Parameters makeParameters(at::IntArrayRef weight, bool bias) {
  Parameters p{at::zeros(weight), at::zeros(weight), {}, {}};
  if (bias) {
    p.bias = at::zeros(weight[0]);
    p.biasGradient = at::zeros(weight[0]);
  }
  return p;
}

class Linear final : public Operation {
 public:
  Linear(int64_t inputs, int64_t outputs, bool bias) : p_(makeParameters({outputs, inputs}, bias)) {}

  at::Tensor forward(const at::Tensor& in) override {
    in_ = in;
    out_.resize_({in.size(0), p_.weight.size(0)});
    product(in, p_.weight.t(), out_);
    if (p_.bias.defined()) out_.add_(p_.bias);
    return out_;
  }

  at::Tensor backward(const at::Tensor& delta, bool wanted) override {
    product(delta.t(), in_, p_.weightGradient);
    if (p_.bias.defined()) at::sum_out(p_.biasGradient, delta, {0});
    if (!wanted) return {};
    below_.resize_(in_.sizes());
    product(delta, p_.weight, below_);
    return below_;
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

  at::Tensor forward(const at::Tensor& in) override {
    in_ = in;
    return at::convolution(in, p_.weight, p_.bias, stride_, padding_, kNoDilation, false, kNoOutputPadding, 1);
  }

  at::Tensor backward(const at::Tensor& delta, bool wanted) override {
    auto [below, weight, bias] =
        at::convolution_backward(delta, in_, p_.weight, p_.weight.sizes().slice(0, 1), stride_, padding_,
                                 kNoDilation, false, kNoOutputPadding, 1, {wanted, true, p_.bias.defined()});
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

/// In place: no operation before it needs its own output again.
class ReLU final : public Operation {
 public:
  at::Tensor forward(const at::Tensor& in) override {
    out_ = in;
    return out_.relu_();
  }

  at::Tensor backward(const at::Tensor& delta, bool) override {
    at::Tensor below = delta;
    return at::threshold_backward_out(below, delta, out_, 0);
  }

 private:
  at::Tensor out_;
};

class MaxPool final : public Operation {
 public:
  explicit MaxPool(const Op& op)
      : kernel_{op.kernel, op.kernel}, stride_{op.stride, op.stride}, padding_{op.padding, op.padding} {}

  at::Tensor forward(const at::Tensor& in) override {
    in_ = in;
    auto [out, chosen] = at::max_pool2d_with_indices(in, kernel_, stride_, padding_);
    chosen_ = chosen;
    return out;
  }

  at::Tensor backward(const at::Tensor& delta, bool wanted) override {
    if (!wanted) return {};
    return at::max_pool2d_with_indices_backward(delta, in_, kernel_, stride_, padding_, kNoDilation, false,
                                                chosen_);
  }

 private:
  static constexpr std::array<int64_t, 2> kNoDilation{1, 1};
  std::array<int64_t, 2> kernel_, stride_, padding_;
  at::Tensor in_, chosen_;
};

class Flatten final : public Operation {
 public:
  at::Tensor forward(const at::Tensor& in) override {
    shape_ = in.sizes().vec();
    return in.flatten(1);
  }
  at::Tensor backward(const at::Tensor& delta, bool) override { return delta.view(shape_); }

 private:
  std::vector<int64_t> shape_;
};

}  // namespace

std::unique_ptr<Operation> makeOperation(const Op& op, const Shape& input) {
  switch (op.kind) {
    case OpKind::Linear:
      return std::make_unique<Linear>(input.size(), op.outputs, op.bias);
    case OpKind::Conv2d:
      return std::make_unique<Conv2d>(op, input.channels);
    case OpKind::ReLU:
      return std::make_unique<ReLU>();
    case OpKind::MaxPool:
      return std::make_unique<MaxPool>(op);
    case OpKind::Flatten:
      return std::make_unique<Flatten>();
    case OpKind::BatchNorm:
    case OpKind::GlobalAvgPool:
    case OpKind::Add:
      break;
  }
  return nullptr;
}

}  // namespace lab::masked
