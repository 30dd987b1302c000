#include "network/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace lab {

namespace {

/// Appends operations that each read the one before.
class Chain {
 public:
  explicit Chain(std::string name, Shape input) { spec_ = {std::move(name), input, {}}; }

  Chain& flatten() { return add({OpKind::Flatten, "flatten", {}}); }
  Chain& relu() { return add({OpKind::ReLU, fmt::format("relu{}", ++relus_), {}}); }
  Chain& maxPool(int64_t side) { return add({OpKind::MaxPool, fmt::format("pool{}", ++pools_), {}, 0, side, side}); }
  Chain& linear(int64_t outputs) {
    return add({OpKind::Linear, fmt::format("fc{}", ++linears_), {}, outputs, 1, 1, 0, true});
  }
  Chain& convolution(int64_t channels, int64_t kernel) {
    return add({OpKind::Conv2d, fmt::format("conv{}", ++convolutions_), {}, channels, kernel, 1, 0, true});
  }
  NetworkSpec take() { return std::move(spec_); }

 private:
  Chain& add(Op op) {
    op.inputs = {static_cast<int>(spec_.ops.size()) - 1};  // of the first: kNetworkInput
    spec_.ops.push_back(std::move(op));
    return *this;
  }
  NetworkSpec spec_;
  int relus_ = 0, pools_ = 0, linears_ = 0, convolutions_ = 0;
};

NetworkSpec perceptron(std::string name, const std::vector<int64_t>& hidden, Shape input, int64_t classes) {
  Chain chain(std::move(name), input);
  chain.flatten();
  for (const int64_t width : hidden) chain.linear(width).relu();
  return chain.linear(classes).take();
}

NetworkSpec mlp(const Config& config, Shape input, int64_t classes) {
  const auto widths = parseWidths(config.hidden_widths);
  return perceptron("mlp", widths ? widths.value() : std::vector<int64_t>{}, input, classes);
}

NetworkSpec lenet300(const Config&, Shape input, int64_t classes) {
  return perceptron("lenet-300-100", {300, 100}, input, classes);
}

NetworkSpec lenet5(const Config&, Shape input, int64_t classes) {
  Chain chain("lenet-5", input);
  chain.convolution(20, 5).maxPool(2).convolution(50, 5).maxPool(2).flatten();
  return chain.linear(500).relu().linear(classes).take();
}

constexpr std::array<Model, 3> kModels{{
    {"mlp", "multilayer perceptron with ReLU and biases; hidden_widths says how wide", "ITOP (ICML 2021), section 4.1",
     mlp},
    {"lenet-300-100", "perceptron with hidden layers of 300 and 100", "LeCun et al. 1998", lenet300},
    {"lenet-5", "two 5×5 convolutions (20 and 50 channels) and a hidden layer of 500, as in Caffe",
     "LeCun et al. 1998; Jia et al. 2014", lenet5},
}};

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
  const Problem problem{"hidden_widths", fmt::format("hidden_widths '{}' is not a list of whole numbers from 1 to "
                                                     "65536 separated by commas, such as 1024,512",
                                                     text)};
  std::vector<int64_t> widths;
  while (true) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    int64_t width = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
    if (error != std::errc() || width < 1 || width > 65536) return problem;
    widths.push_back(width);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    if (text.empty()) return widths;
    if (text.front() != ',') return problem;
    text.remove_prefix(1);
  }
}

Result<NetworkSpec> makeNetwork(const Config& config, Shape input, int64_t classes) {
  const Model* model = findModel(config.model);
  if (model == nullptr) return Problem{"model", fmt::format("model '{}' is unknown", config.model)};
  if (model->make == mlp)
    if (const auto widths = parseWidths(config.hidden_widths); !widths) return widths.problems();
  NetworkSpec spec = model->make(config, input, classes);
  const auto shapes = inferShapes(spec);
  if (!shapes) {
    Problems problems = shapes.problems();
    for (Problem& problem : problems)
      problem.message = fmt::format("model {} does not fit images of {} × {}: {}", config.model, input.height,
                                    input.width, problem.message);
    return problems;
  }
  return spec;
}

}  // namespace lab
