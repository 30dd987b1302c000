#include "network/network_spec.h"

#include <fmt/format.h>

#include <stdexcept>

namespace lab {

namespace {

int64_t windowed(int64_t side, const Op& op) { return (side + 2 * op.padding - op.kernel) / op.stride + 1; }

bool fits(const Shape& in, const Op& op) {
  return in.height + 2 * op.padding >= op.kernel && in.width + 2 * op.padding >= op.kernel && op.stride > 0;
}

/// What is wrong with an operation on inputs of these shapes; empty when nothing.
std::string misfit(const Op& op, const std::vector<Shape>& in) {
  const size_t wanted = op.kind == OpKind::Add ? 2 : 1;
  if (in.size() != wanted) return fmt::format("needs {} input(s), has {}", wanted, in.size());
  switch (op.kind) {
    case OpKind::Linear:
      if (in[0].height != 1 || in[0].width != 1) return "needs a flat input: a Flatten before it would be right";
      if (op.outputs < 1) return fmt::format("has {} outputs: at least 1 would be right", op.outputs);
      return {};
    case OpKind::Conv2d:
      if (op.outputs < 1) return fmt::format("has {} outputs: at least 1 would be right", op.outputs);
      [[fallthrough]];
    case OpKind::MaxPool:
      if (!fits(in[0], op))
        return fmt::format("has a window of {} on an input of {} × {}", op.kernel, in[0].height, in[0].width);
      return {};
    case OpKind::Add:
      return in[0] == in[1] ? std::string() : "adds inputs of different shapes";
    default:
      return {};
  }
}

Shape outputShape(const Op& op, const Shape& in) {
  switch (op.kind) {
    case OpKind::Linear: return {op.outputs, 1, 1};
    case OpKind::Conv2d: return {op.outputs, windowed(in.height, op), windowed(in.width, op)};
    case OpKind::MaxPool: return {in.channels, windowed(in.height, op), windowed(in.width, op)};
    case OpKind::GlobalAvgPool: return {in.channels, 1, 1};
    case OpKind::Flatten: return {in.size(), 1, 1};
    case OpKind::BatchNorm:
    case OpKind::ReLU:
    case OpKind::Add: return in;
  }
  throw std::logic_error("unknown operation");
}

std::vector<Shape> shapesOrThrow(const NetworkSpec& spec) {
  auto shapes = inferShapes(spec);
  if (!shapes) throw std::invalid_argument(describe(shapes.problems()));
  return shapes.take();
}

Shape inputOf(const NetworkSpec& spec, const std::vector<Shape>& shapes, int index) {
  return index == kNetworkInput ? spec.input : shapes[static_cast<size_t>(index)];
}

}  // namespace

Result<std::vector<Shape>> inferShapes(const NetworkSpec& spec) {
  std::vector<Shape> shapes;
  for (const Op& op : spec.ops) {
    std::vector<Shape> inputs;
    for (const int input : op.inputs) {
      if (input != kNetworkInput && (input < 0 || input >= static_cast<int>(shapes.size())))
        return Problem{op.name, fmt::format("{} reads operation {}, which does not come before it", op.name, input)};
      inputs.push_back(inputOf(spec, shapes, input));
    }
    if (const std::string wrong = misfit(op, inputs); !wrong.empty())
      return Problem{op.name, fmt::format("{} {}", op.name, wrong)};
    shapes.push_back(outputShape(op, inputs[0]));
  }
  return shapes;
}

std::vector<WeightLayer> weightLayers(const NetworkSpec& spec) {
  const auto shapes = shapesOrThrow(spec);
  std::vector<WeightLayer> layers;
  for (size_t i = 0; i < spec.ops.size(); ++i) {
    const Op& op = spec.ops[i];
    if (op.kind != OpKind::Linear && op.kind != OpKind::Conv2d) continue;
    WeightLayer layer;
    layer.name = op.name;
    layer.op = static_cast<int>(i);
    layer.shape = {op.outputs, inputOf(spec, shapes, op.inputs[0]).channels};
    if (op.kind == OpKind::Conv2d) layer.shape.insert(layer.shape.end(), {op.kernel, op.kernel});
    layer.weights = 1;
    for (const int64_t side : layer.shape) layer.weights *= side;
    layer.macsPerWeight = shapes[i].height * shapes[i].width;
    layer.bias = op.bias;
    layers.push_back(std::move(layer));
  }
  return layers;
}

int64_t parameterCount(const NetworkSpec& spec) {
  const auto shapes = shapesOrThrow(spec);
  int64_t count = maskableCount(spec);
  for (size_t i = 0; i < spec.ops.size(); ++i) {
    if (spec.ops[i].bias) count += spec.ops[i].outputs;
    if (spec.ops[i].kind == OpKind::BatchNorm) count += 2 * shapes[i].channels;
  }
  return count;
}

int64_t maskableCount(const NetworkSpec& spec) {
  int64_t count = 0;
  for (const WeightLayer& layer : weightLayers(spec)) count += layer.weights;
  return count;
}

int64_t macs(const NetworkSpec& spec) {
  int64_t count = 0;
  for (const WeightLayer& layer : weightLayers(spec)) count += layer.weights * layer.macsPerWeight;
  return count;
}

StepFlops stepFlops(const std::vector<WeightLayer>& layers, const std::vector<int64_t>& active) {
  StepFlops flops;
  for (size_t l = 0; l < layers.size(); ++l) {
    const double layer = 2.0 * static_cast<double>(active[l]) * static_cast<double>(layers[l].macsPerWeight);
    flops.forward += layer;
    flops.weightGradient += layer;
    if (l > 0) flops.inputGradient += layer;
  }
  return flops;
}

}  // namespace lab
