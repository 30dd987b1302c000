#include "network/resnet.h"

#include "network/network_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace lab {

namespace {

using Window = NetworkBuilder::Window;

/// One residual block: what it is called, its output width and the stride of its first step down.
struct ResidualBlock {
  std::string name;
  int64_t in, width, stride;
  std::string part(const std::string& what) const { return name + "." + what; }
};

NetworkBuilder& convolveAndNormalise(NetworkBuilder& network, const std::string& suffix,
                                     const ResidualBlock& block, int64_t outputs, Window window) {
  return network.convolution(block.part("conv" + suffix), outputs, window).batchNorm(block.part("bn" + suffix));
}

/// Adds what came into the block, brought to the block's shape where it has another one.
void addShortcut(NetworkBuilder& network, const ResidualBlock& block, int64_t outputs, int entry) {
  const int residual = network.place();
  int shortcut = entry;
  if (block.stride != 1 || block.in != outputs)
    shortcut = network.from(entry)
                   .convolution(block.part("shortcut"), outputs, {1, block.stride, 0})
                   .batchNorm(block.part("shortcut.bn"))
                   .place();
  network.from(residual).add(block.part("add"), shortcut);
}

/// Returns the number of channels it leaves behind.
int64_t basicBlock(NetworkBuilder& network, const ResidualBlock& block) {
  const int entry = network.place();
  convolveAndNormalise(network, "1", block, block.width, {3, block.stride, 1}).relu(block.part("relu1"));
  convolveAndNormalise(network, "2", block, block.width, {3, 1, 1});
  addShortcut(network, block, block.width, entry);
  network.relu(block.part("relu2"));
  return block.width;
}

int64_t bottleneck(NetworkBuilder& network, const ResidualBlock& block) {
  const int entry = network.place();
  const int64_t outputs = 4 * block.width;
  convolveAndNormalise(network, "1", block, block.width, {1, 1, 0}).relu(block.part("relu1"));
  convolveAndNormalise(network, "2", block, block.width, {3, block.stride, 1}).relu(block.part("relu2"));
  convolveAndNormalise(network, "3", block, outputs, {1, 1, 0});
  addShortcut(network, block, outputs, entry);
  network.relu(block.part("relu3"));
  return outputs;
}

/// Batch norm and ReLU come first, and a shortcut that changes the shape reads what they give.
int64_t preActivationBlock(NetworkBuilder& network, const ResidualBlock& block) {
  int entry = network.place();
  network.batchNorm(block.part("bn1")).relu(block.part("relu1"));
  if (block.in != block.width) entry = network.place();
  network.convolution(block.part("conv1"), block.width, {3, block.stride, 1})
      .batchNorm(block.part("bn2"))
      .relu(block.part("relu2"))
      .convolution(block.part("conv2"), block.width, {3, 1, 1});
  const int residual = network.place();
  int shortcut = entry;
  if (block.in != block.width)
    shortcut = network.from(entry).convolution(block.part("shortcut"), block.width, {1, block.stride, 0}).place();
  network.from(residual).add(block.part("add"), shortcut);
  return block.width;
}

void stem(NetworkBuilder& network, Shape input) {
  const bool large = std::min(input.height, input.width) >= kLargeImage;
  network.convolution("conv1", 64, large ? Window{7, 2, 3} : Window{3, 1, 1}).batchNorm("bn1").relu("relu1");
  if (large) network.maxPool("pool1", {3, 2, 1});
}

using MakeBlock = int64_t (*)(NetworkBuilder&, const ResidualBlock&);

/// Stages of blocks, each but the first beginning with a stride of 2. Returns the number of channels behind them.
int64_t stages(NetworkBuilder& network, std::span<const int> blocks, int64_t in, int64_t width, MakeBlock make) {
  for (size_t stage = 0; stage < blocks.size(); ++stage, width *= 2)
    for (int block = 0; block < blocks[stage]; ++block)
      in =
          make(network, {fmt::format("layer{}.{}", stage + 1, block), in, width, stage > 0 && block == 0 ? 2 : 1});
  return in;
}

NetworkSpec resnet(std::string name, Shape input, int64_t classes, std::array<int, 4> blocks, MakeBlock make,
                   bool bias) {
  NetworkBuilder network(std::move(name), input);
  stem(network, input);
  stages(network, blocks, 64, 64, make);
  return network.globalAvgPool("pool").linear("fc", classes, bias).take();
}

}  // namespace

NetworkSpec resnet18(Shape input, int64_t classes) {
  return resnet("resnet-18", input, classes, {2, 2, 2, 2}, basicBlock, false);
}

NetworkSpec resnet34(Shape input, int64_t classes) {
  return resnet("resnet-34", input, classes, {3, 4, 6, 3}, basicBlock, false);
}

NetworkSpec resnet50(Shape input, int64_t classes) {
  return resnet("resnet-50", input, classes, {3, 4, 6, 3}, bottleneck, true);
}

NetworkSpec wideResnet22x2(Shape input, int64_t classes) {
  constexpr std::array<int, 3> kBlocks{3, 3, 3};
  NetworkBuilder network("wrn-22-2", input);
  network.convolution("conv1", 16, {3, 1, 1});
  stages(network, kBlocks, 16, 32, preActivationBlock);
  network.batchNorm("bn1").relu("relu1");
  return network.globalAvgPool("pool").linear("fc", classes).take();
}

}  // namespace lab
