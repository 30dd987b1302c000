#pragma once
// The data of a configuration, with a progress line while photographs are decoded.

#include "terminal.h"

#include "data/dataset.h"
#include "result.h"

#include <memory>

namespace lab::cli {

Result<std::shared_ptr<const Dataset>> loadData(const Config& config, Loudness loudness);

}  // namespace lab::cli
