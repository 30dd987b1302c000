#include "engines/cuda/packed_linear.h"

#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/sum.h>

#include <utility>

namespace lab::cuda {

namespace {

class PackedLinear final : public Operation {
 public:
  PackedLinear(const Op& op, const Shape& input, const Parameter& parameter) : runs_(parameter.arena.runs()) {
    const Arena& arena = parameter.arena;
    const ArenaPlan::Layer& layer = arena.plan().layers[parameter.layer];
    weight_ = arena.computeOfRuns(layer.weight, op.outputs, input.size());
    weightGradient_ = arena.gradientOfRuns(layer.weight, op.outputs, input.size());
    if (!op.bias) return;
    bias_ = arena.computeOfRuns(layer.bias, 1, op.outputs);
    biasGradient_ = arena.gradientOfRuns(layer.bias, 1, op.outputs).select(1, 0);
  }

  at::Tensor forward(at::TensorList in, bool training) override {
    const at::Tensor rows = byRun(in[0]), transposed = weight_.transpose(1, 2);
    if (training) in_ = rows;
    return together(bias_.defined() ? at::baddbmm(bias_, rows, transposed) : at::bmm(rows, transposed));
  }

  at::Tensor backward(const at::Tensor& deltas, bool wanted) override {
    const at::Tensor delta = byRun(deltas), in = std::exchange(in_, {});
    if (delta.scalar_type() == at::kFloat)
      at::bmm_out(weightGradient_, delta.transpose(1, 2), in);
    else
      weightGradient_.copy_(at::bmm(delta.transpose(1, 2), in));
    if (bias_.defined()) at::sum_out(biasGradient_, delta, {1}, false, at::kFloat);
    return wanted ? together(at::bmm(delta, weight_)) : at::Tensor();
  }

  bool hasParameters() const override { return true; }

 private:
  at::Tensor byRun(const at::Tensor& vectors) const {
    return vectors.reshape({runs_, vectors.size(0) / runs_, vectors.size(1)});
  }
  at::Tensor together(const at::Tensor& rows) const { return rows.view({rows.size(0) * rows.size(1), rows.size(2), 1, 1}); }

  int64_t runs_;
  at::Tensor weight_, weightGradient_, bias_, biasGradient_, in_;
};

}  // namespace

std::unique_ptr<Operation> makePackedLinear(const Op& op, const Shape& input, const Parameter& parameter) {
  return std::make_unique<PackedLinear>(op, input, parameter);
}

std::string packingProblem(const NetworkSpec& network) {
  for (const Op& op : network.ops)
    if (op.kind != OpKind::Linear && op.kind != OpKind::ReLU && op.kind != OpKind::Flatten)
      return "operation '" + op.name + "' of network '" + network.name + "' is neither Linear, ReLU nor Flatten";
  return {};
}

}  // namespace lab::cuda
