#include "network/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace lab {

namespace {

constexpr int64_t kWidestLayer = 65536;

/// Operations in a chain, each taking the output of the one before.
class Chain {
 public:
  Chain(std::string name, Shape input) : spec_{std::move(name), input, {}} {}

  Chain& linear(std::string name, int64_t outputs) {
    Op op{OpKind::Linear, std::move(name), {}};
    op.outputs = outputs;
    op.bias = true;
    return add(std::move(op));
  }
  Chain& convolution(std::string name, int64_t outputs, int64_t kernel) {
    Op op{OpKind::Conv2d, std::move(name), {}};
    op.outputs = outputs;
    op.kernel = kernel;
    op.bias = true;
    return add(std::move(op));
  }
  Chain& maxPool(std::string name, int64_t side) {
    Op op{OpKind::MaxPool, std::move(name), {}};
    op.kernel = op.stride = side;
    return add(std::move(op));
  }
  Chain& relu(std::string name) { return add({OpKind::ReLU, std::move(name), {}}); }
  Chain& flatten() { return add({OpKind::Flatten, "flatten", {}}); }

  NetworkSpec take() { return std::move(spec_); }

 private:
  Chain& add(Op op) {
    op.inputs = {spec_.ops.empty() ? kNetworkInput : static_cast<int>(spec_.ops.size()) - 1};
    spec_.ops.push_back(std::move(op));
    return *this;
  }

  NetworkSpec spec_;
};

/// Flatten, then linear layers with ReLU between them.
NetworkSpec perceptron(std::string name, Shape input, const std::vector<int64_t>& hidden, int64_t classes) {
  Chain chain(std::move(name), input);
  chain.flatten();
  size_t layer = 1;
  for (const int64_t width : hidden) {
    chain.linear(fmt::format("fc{}", layer), width).relu(fmt::format("relu{}", layer));
    ++layer;
  }
  return chain.linear(fmt::format("fc{}", layer), classes).take();
}

NetworkSpec mlp(const Config& config, Shape input, int64_t classes) {
  return perceptron("mlp", input, parseWidths(config.hidden_widths).take(), classes);
}

NetworkSpec lenet300100(const Config&, Shape input, int64_t classes) {
  return perceptron("lenet-300-100", input, {300, 100}, classes);
}

NetworkSpec lenet5(const Config&, Shape input, int64_t classes) {
  Chain chain("lenet-5", input);
  chain.convolution("conv1", 20, 5).relu("relu1").maxPool("pool1", 2);
  chain.convolution("conv2", 50, 5).relu("relu2").maxPool("pool2", 2);
  return chain.flatten().linear("fc1", 500).relu("relu3").linear("fc2", classes).take();
}

constexpr std::array<Model, 3> kModels{{
    {"mlp", "multilayer perceptron with the hidden layers of hidden_widths, ReLU and biases",
     "Liu et al. 2021 (ITOP)", true, mlp},
    {"lenet-300-100", "perceptron with hidden layers of 300 and 100 units", "LeCun et al. 1998", false,
     lenet300100},
    {"lenet-5", "two 5 × 5 convolutions with 20 and 50 channels, then 500 units (the variant known from Caffe)",
     "LeCun et al. 1998; Caffe", false, lenet5},
}};

std::optional<int64_t> parseWidth(std::string_view text) {
  int64_t width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error != std::errc{} || end != text.data() + text.size() || width < 1 || width > kWidestLayer)
    return std::nullopt;
  return width;
}

}  // namespace

std::span<const Model> models() { return kModels; }

const Model* findModel(std::string_view name) {
  const auto row = std::find_if(kModels.begin(), kModels.end(), [&](const Model& m) { return m.name == name; });
  return row == kModels.end() ? nullptr : &*row;
}

std::vector<std::string> modelNames() {
  std::vector<std::string> names;
  for (const Model& model : kModels) names.emplace_back(model.name);
  return names;
}

Result<std::vector<int64_t>> parseWidths(std::string_view text) {
  std::vector<int64_t> widths;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    const auto width = parseWidth(text.substr(begin, comma - begin));
    if (!width)
      return Problem{"hidden_widths",
                     fmt::format("hidden_widths '{}' is not possible: it must be whole numbers from 1 "
                                 "to {} separated by commas, such as 1024,512",
                                 text, kWidestLayer)};
    widths.push_back(*width);
    begin = comma + 1;
  }
  return widths;
}

Result<NetworkSpec> makeNetwork(const Config& config, Shape input, int64_t classes) {
  const Model* model = findModel(config.model);
  if (model == nullptr) return Problem{"model", fmt::format("model '{}' is unknown", config.model)};
  if (model->readsHiddenWidths)
    if (const auto widths = parseWidths(config.hidden_widths); !widths) return widths.problems();
  NetworkSpec spec = model->make(config, input, classes);
  if (const auto shapes = inferShapes(spec); !shapes) return shapes.problems();
  return spec;
}

}  // namespace lab
