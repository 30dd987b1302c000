#include "network/network_spec.h"

#include <fmt/format.h>

#include <functional>
#include <numeric>

namespace lab {

namespace {

bool isVector(const Shape& shape) { return shape.height == 1 && shape.width == 1; }

std::string text(const Shape& shape) {
  return fmt::format("{} × {} × {}", shape.channels, shape.height, shape.width);
}

/// Output side of a window that slides over `side`; below 1 when it does not fit.
int64_t slide(const Op& op, int64_t side) {
  const int64_t room = side + 2 * op.padding - op.kernel;
  return room < 0 ? 0 : room / op.stride + 1;
}

Result<Shape> slideOver(const Op& op, const Shape& in, int64_t channels) {
  if (op.kernel < 1 || op.stride < 1 || op.padding < 0)
    return Problem{op.name,
                   fmt::format("operation {}: kernel and stride must be at least 1, padding at least 0", op.name)};
  const Shape out{channels, slide(op, in.height), slide(op, in.width)};
  if (out.height < 1 || out.width < 1)
    return Problem{op.name, fmt::format("operation {}: a window of {} × {} does not fit an input of {}", op.name,
                                        op.kernel, op.kernel, text(in))};
  return out;
}

Result<Shape> outputShape(const Op& op, const std::vector<Shape>& in) {
  switch (op.kind) {
    case OpKind::Linear:
      if (!isVector(in[0]))
        return Problem{
            op.name, fmt::format("operation {}: a linear layer takes a vector, not {}; flatten it before", op.name,
                                 text(in[0]))};
      return Shape{op.outputs, 1, 1};
    case OpKind::Conv2d:
      return slideOver(op, in[0], op.outputs);
    case OpKind::MaxPool:
      if (2 * op.padding > op.kernel)  // a window could lie in the padding alone
        return Problem{op.name, fmt::format("operation {}: padding {} is more than half of its window of {} × {}",
                                            op.name, op.padding, op.kernel, op.kernel)};
      return slideOver(op, in[0], in[0].channels);
    case OpKind::GlobalAvgPool:
      return Shape{in[0].channels, 1, 1};
    case OpKind::Flatten:
      return Shape{in[0].size(), 1, 1};
    case OpKind::Add:
      if (in[0] != in[1])
        return Problem{op.name,
                       fmt::format("operation {}: {} and {} cannot be added", op.name, text(in[0]), text(in[1]))};
      return in[0];
    case OpKind::BatchNorm:
    case OpKind::ReLU:
      return in[0];
  }
  return in[0];
}

constexpr double kMostValues =
    1e11;  // what an operation gives for one sample: products of sizes fit whole numbers

double valuesOf(const Shape& shape) {
  return static_cast<double>(shape.channels) * static_cast<double>(shape.height) *
         static_cast<double>(shape.width);
}

bool hasWeights(const Op& op) { return op.kind == OpKind::Linear || op.kind == OpKind::Conv2d; }

/// The shapes of the operation's inputs, or what is wrong with them.
Result<std::vector<Shape>> inputShapes(const NetworkSpec& spec, const Op& op, const std::vector<Shape>& before) {
  const size_t wanted = op.kind == OpKind::Add ? 2 : 1;
  if (op.inputs.size() != wanted)
    return Problem{op.name,
                   fmt::format("operation {}: {} inputs given, it takes {}", op.name, op.inputs.size(), wanted)};
  std::vector<Shape> shapes;
  for (const int input : op.inputs) {
    if (input < kNetworkInput || input >= static_cast<int>(before.size()))
      return Problem{op.name, fmt::format("operation {}: input {} is no earlier operation", op.name, input)};
    shapes.push_back(input == kNetworkInput ? spec.input : before[static_cast<size_t>(input)]);
  }
  return shapes;
}

/// The first operation, but for the last, whose output none reads.
const Op* unread(const NetworkSpec& spec) {
  const auto readers = readerCounts(spec);
  for (size_t i = 0; i + 1 < spec.ops.size(); ++i)
    if (readers[i] == 0) return &spec.ops[i];
  return nullptr;
}

const Shape& inputShape(const NetworkSpec& spec, const std::vector<Shape>& shapes, const Op& op) {
  return op.inputs[0] == kNetworkInput ? spec.input : shapes[static_cast<size_t>(op.inputs[0])];
}

}  // namespace

Result<std::vector<Shape>> inferShapes(const NetworkSpec& spec) {
  std::vector<Shape> shapes;
  for (const Op& op : spec.ops) {
    const auto in = inputShapes(spec, op, shapes);
    if (!in) return in.problems();
    if (hasWeights(op) && op.outputs < 1)
      return Problem{op.name,
                     fmt::format("operation {}: it needs at least 1 output, not {}", op.name, op.outputs)};
    const auto out = outputShape(op, in.value());
    if (!out) return out.problems();
    if (valuesOf(out.value()) > kMostValues)
      return Problem{op.name, fmt::format("operation {}: {} values are more than any machine holds", op.name,
                                          text(out.value()))};
    shapes.push_back(out.value());
  }
  if (const Op* op = unread(spec))
    return Problem{op->name, fmt::format("operation {}: no later operation reads its output", op->name)};
  return shapes;
}

std::vector<int> readerCounts(const NetworkSpec& spec) {
  std::vector<int> counts(spec.ops.size());
  for (const Op& op : spec.ops)
    for (const int input : op.inputs)
      if (input != kNetworkInput) ++counts[static_cast<size_t>(input)];
  return counts;
}

bool mayBeOverwritten(OpKind kind) { return kind != OpKind::ReLU && kind != OpKind::Flatten; }

std::vector<WeightLayer> weightLayers(const NetworkSpec& spec) {
  const auto shapes = inferShapes(spec).take();
  std::vector<WeightLayer> layers;
  for (size_t i = 0; i < spec.ops.size(); ++i) {
    const Op& op = spec.ops[i];
    if (!hasWeights(op)) continue;
    WeightLayer layer;
    layer.name = op.name;
    layer.op = static_cast<int>(i);
    layer.shape = {op.outputs, inputShape(spec, shapes, op).channels};
    if (op.kind == OpKind::Conv2d) layer.shape.insert(layer.shape.end(), 2, op.kernel);
    layer.weights = std::accumulate(layer.shape.begin(), layer.shape.end(), int64_t{1}, std::multiplies<>());
    layer.macsPerWeight = shapes[i].height * shapes[i].width;
    layer.bias = op.bias;
    layers.push_back(std::move(layer));
  }
  return layers;
}

std::vector<NormLayer> normLayers(const NetworkSpec& spec) {
  const auto shapes = inferShapes(spec).take();
  std::vector<NormLayer> layers;
  for (size_t i = 0; i < spec.ops.size(); ++i)
    if (spec.ops[i].kind == OpKind::BatchNorm)
      layers.push_back({spec.ops[i].name, static_cast<int>(i), shapes[i].channels});
  return layers;
}

int64_t parameterCount(const NetworkSpec& spec) {
  int64_t count = maskableCount(spec);
  for (const Op& op : spec.ops)
    if (hasWeights(op) && op.bias) count += op.outputs;
  for (const NormLayer& layer : normLayers(spec)) count += 2 * layer.channels;  // scale and shift
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
