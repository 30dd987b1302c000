#pragma once
// Loading that tells how far it is: photographs may take hours the first time.

#include "data/dataset.h"

#include <functional>

namespace lab {

/// `done` of `total` photographs are decoded. Called on any thread, one at a time, when there is something to
/// decode.
using LoadProgress = std::function<void(int64_t done, int64_t total)>;

/// loadDataset() with progress.
Result<std::shared_ptr<const Dataset>> loadDatasetTelling(const Config& config, const LoadProgress& progress);

}  // namespace lab
