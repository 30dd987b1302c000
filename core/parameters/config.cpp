#include "parameters/config.h"

#include <algorithm>
#include <cmath>

namespace lab {

int64_t Config::totalEpochs() const {
  return std::max<int64_t>(1, std::llround(static_cast<double>(epochs) * time_multiplier));
}

}  // namespace lab
