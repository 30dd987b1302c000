#pragma once
// Recorded runs for the window to show.

#include "fake_laboratory.h"
#include "run_controller.h"
#include "store/run_reader.h"

#include <QSignalSpy>
#include <QTest>

#include <filesystem>

namespace lab::test {

inline constexpr int kPatience = 60000;  ///< ms; machines may be busy

/// Records one finished run.
inline std::filesystem::path record(FakeLaboratory& lab, const Config& config) {
  ui::RunController run(lab);
  QSignalSpy finished(&run, &ui::RunController::finished);
  run.start(config);
  finished.wait(kPatience);
  return finished.first().at(1).value<std::filesystem::path>();
}

/// Records one that is stopped before its end; `lab` paces its runs with the event loop.
inline std::filesystem::path recordStopped(FakeLaboratory& lab, const Config& config) {
  ui::RunController run(lab);
  QSignalSpy finished(&run, &ui::RunController::finished), rows(&run, &ui::RunController::metricsArrived);
  run.start(config);
  (void)QTest::qWaitFor([&] { return rows.count() > 2; }, kPatience);
  run.stop();
  if (finished.isEmpty()) finished.wait(kPatience);
  return finished.first().at(1).value<std::filesystem::path>();
}

/// Four short runs: ΔT 10 and 20, seeds 1 and 2; newest last.
inline void recordFour(FakeLaboratory& lab) {
  for (const int64_t interval : {10, 20})
    for (const int64_t seed : {1, 2}) {
      Config config = quickConfig();
      config.update_interval = interval;
      config.seed = seed;
      record(lab, config);
    }
}

}  // namespace lab::test
