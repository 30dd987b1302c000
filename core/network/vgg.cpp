#include "network/vgg.h"

#include "network/network_builder.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace lab {

namespace {

constexpr std::array<int64_t, 5> kWidths{64, 128, 256, 512, 512};
constexpr std::array<int, 5> kConvolutions{2, 2, 3, 3, 3};

/// `last`: side of the third convolution of a stage.
NetworkSpec vgg(std::string name, Shape input, int64_t classes, int64_t last) {
  NetworkBuilder network(std::move(name), input);
  int layer = 0;
  for (size_t stage = 0; stage < kWidths.size(); ++stage) {
    for (int i = 0; i < kConvolutions[stage]; ++i, ++layer) {
      const int64_t kernel = i == 2 ? last : 3;
      network.convolution(fmt::format("conv{}", layer), kWidths[stage], {kernel, 1, 1}, true)
          .batchNorm(fmt::format("bn{}", layer))
          .relu(fmt::format("relu{}", layer));
    }
    network.maxPool(fmt::format("pool{}", stage + 1), {2, 2, 0});
  }
  network.flatten("flatten");
  for (int i = 1; i <= 2; ++i)  // batch norm after the ReLU, where the original has dropout
    network.linear(fmt::format("fc{}", i), 512)
        .relu(fmt::format("fc{}.relu", i))
        .batchNorm(fmt::format("fc{}.bn", i));
  return network.linear("fc3", classes).take();
}

}  // namespace

NetworkSpec vggC(Shape input, int64_t classes) { return vgg("vgg-c", input, classes, 1); }
NetworkSpec vggD(Shape input, int64_t classes) { return vgg("vgg-d", input, classes, 3); }

}  // namespace lab
