#include "load_data.h"

#include "data/load_progress.h"
#include "parameters/config.h"

#include <fmt/format.h>

#include <chrono>

namespace lab::cli {

Result<std::shared_ptr<const Dataset>> loadData(const Config& config, Loudness loudness) {
  using Clock = std::chrono::steady_clock;
  ProgressLine line(loudness != Loudness::Quiet);
  const Clock::time_point begin = Clock::now();
  return loadDatasetTelling(config, [&](int64_t done, int64_t total) {
    if (!line.due()) return;
    const double rate = static_cast<double>(done) / std::chrono::duration<double>(Clock::now() - begin).count();
    line.update(
        static_cast<double>(done) / static_cast<double>(total),
        fmt::format("decoding {} of {} images of {}  {:.0f} images/s  ETA {}", countText(done), countText(total),
                    config.dataset, rate, durationText(static_cast<double>(total - done) / rate)));
  });
}

}  // namespace lab::cli
