#pragma once
// VGG for small images with batch norm (Simonyan and Zisserman 2015; configurations C and D as in SNIP, Lee et al.
// 2019). Internal to the network room: models.h has the table.

#include "network/network_spec.h"

namespace lab {

/// Three convolutions are 1 × 1 with padding 1, which grows the image by 2 (32 pixels: 8, 10; 5, 7; 3, 5 and 2 at
/// last): without it the published size of the classifier, 2048 features, would not fit.
NetworkSpec vggC(Shape input, int64_t classes);

/// All convolutions are 3 × 3: "VGG-16" of the paper.
NetworkSpec vggD(Shape input, int64_t classes);

}  // namespace lab
