#include "network/models.h"

#include "data/data_info.h"
#include "network/network_builder.h"
#include "network/network_toml.h"
#include "network/resnet.h"
#include "network/vgg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>

namespace lab {

namespace {

constexpr int64_t kWidestLayer = 65536;

/// Flatten, then linear layers with ReLU between them.
NetworkSpec perceptron(std::string name, Shape input, const std::vector<int64_t>& hidden, int64_t classes) {
  NetworkBuilder network(std::move(name), input);
  network.flatten("flatten");
  size_t layer = 1;
  for (const int64_t width : hidden) {
    network.linear(fmt::format("fc{}", layer), width).relu(fmt::format("relu{}", layer));
    ++layer;
  }
  return network.linear(fmt::format("fc{}", layer), classes).take();
}

NetworkSpec mlp(const Config& config, Shape input, int64_t classes) {
  return perceptron("mlp", input, parseWidths(config.hidden_widths).take(), classes);
}

NetworkSpec lenet300100(const Config&, Shape input, int64_t classes) {
  return perceptron("lenet-300-100", input, {300, 100}, classes);
}

/// With a ReLU after each convolution, as the published code of ITOP has it; Caffe's own LeNet has none there.
NetworkSpec lenet5(const Config&, Shape input, int64_t classes) {
  NetworkBuilder network("lenet-5", input);
  network.convolution("conv1", 20, {5, 1, 0}, true).relu("relu1").maxPool("pool1", {2, 2, 0});
  network.convolution("conv2", 50, {5, 1, 0}, true).relu("relu2").maxPool("pool2", {2, 2, 0});
  return network.flatten("flatten").linear("fc1", 500).relu("relu3").linear("fc2", classes).take();
}

/// A model that reads nothing of the configuration.
template <NetworkSpec (*make)(Shape, int64_t)>
NetworkSpec fixed(const Config&, Shape input, int64_t classes) {
  return make(input, classes);
}

constexpr std::array<Model, 9> kModels{{
    {"mlp", "multilayer perceptron with the hidden layers of hidden_widths, ReLU and biases",
     "Liu et al. 2021 (ITOP)", true, mlp},
    {"lenet-300-100", "perceptron with hidden layers of 300 and 100 units", "LeCun et al. 1998", false,
     lenet300100},
    {"lenet-5",
     "two 5 × 5 convolutions with 20 and 50 channels, then 500 units: Caffe's sizes, and a ReLU after each "
     "convolution, where Caffe has none",
     "LeCun et al. 1998; Caffe; code of Liu et al. 2021", false, lenet5},
    {"vgg-c", "13 convolutions with bias and batch norm, three of them 1 × 1 with padding 1, then 512-512 units",
     "Simonyan and Zisserman 2015; Lee et al. 2019 (SNIP)", false, fixed<vggC>},
    {"vgg-d", "the paper's VGG-16: 13 convolutions of 3 × 3 with bias and batch norm, then 512-512 units",
     "Simonyan and Zisserman 2015; Lee et al. 2019 (SNIP)", false, fixed<vggD>},
    {"resnet-18",
     "8 blocks of two 3 × 3 convolutions; 3 × 3 stem for images below 64 pixels, else 7 × 7 and max pooling",
     "He et al. 2016", false, fixed<resnet18>},
    {"resnet-34",
     "16 blocks of two 3 × 3 convolutions; 3 × 3 stem for images below 64 pixels, else 7 × 7 and max pooling",
     "He et al. 2016; Liu et al. 2021 (ITOP)", false, fixed<resnet34>},
    {"resnet-50",
     "16 bottlenecks with the stride in the 3 × 3 convolution (v1.5); 3 × 3 stem for images below 64 pixels, else "
     "7 × 7 and max pooling",
     "He et al. 2016; Goyal et al. 2017", false, fixed<resnet50>},
    {"wrn-22-2", "wide residual network of 22 layers, twice as wide, batch norm before convolutions, no dropout",
     "Zagoruyko and Komodakis 2016", false, fixed<wideResnet22x2>},
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
  if (isNetworkFile(config.model)) return readNetwork(config.model, input, classes);
  const Model* model = findModel(config.model);
  if (model == nullptr) return Problem{"model", fmt::format("model '{}' is unknown", config.model)};
  if (model->readsHiddenWidths)
    if (const auto widths = parseWidths(config.hidden_widths); !widths) return widths.problems();
  NetworkSpec spec = model->make(config, input, classes);
  if (const auto shapes = inferShapes(spec); !shapes)
    return Problem{"model", fmt::format("model {} does not fit images of {} × {} × {}: {}", config.model,
                                        input.channels, input.height, input.width, describe(shapes.problems()))};
  return spec;
}

std::string modelLabel(std::string_view model) {
  if (!isNetworkFile(model)) return std::string(model);
  std::string label = std::filesystem::path(model).stem().string().substr(0, 40);
  for (char& c : label)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_')) c = '-';
  return label;
}

std::string networkText(const Config& config) {
  const auto data = dataInfoFor(config);
  if (!data) return config.model;
  auto network = makeNetwork(config, data.value().shape, data.value().classes);
  if (!network) return config.model;
  network.value().name.clear();
  return toToml(network.value());
}

}  // namespace lab
