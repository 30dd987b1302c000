#pragma once
// Residual networks (He et al. 2016) and wide ones (Zagoruyko and Komodakis 2016). Internal to the network room:
// models.h has the table.

#include "network/network_spec.h"

namespace lab {

/// Images whose shorter side is below this get the stem of CIFAR, a 3 × 3 convolution; larger ones that of
/// ImageNet, a 7 × 7 convolution of stride 2 and max pooling.
inline constexpr int64_t kLargeImage = 64;

/// Basic blocks of two 3 × 3 convolutions, 1 × 1 convolutions on shortcuts that change the shape, a classifier
/// without bias.
NetworkSpec resnet18(Shape input, int64_t classes);
NetworkSpec resnet34(Shape input, int64_t classes);

/// Bottlenecks 1 × 1, 3 × 3, 1 × 1 with the stride in the 3 × 3 ("v1.5"), a classifier with bias.
NetworkSpec resnet50(Shape input, int64_t classes);

/// 22 layers, twice as wide, batch norm and ReLU before each convolution, no dropout.
NetworkSpec wideResnet22x2(Shape input, int64_t classes);

}  // namespace lab
