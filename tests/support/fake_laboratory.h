#pragma once
// A laboratory in a folder of its own: the fake engine, a small synthetic data set, no memory of earlier windows.

#include "fake_engine.h"
#include "run_controller.h"

#include <QTemporaryDir>

namespace lab::test {

struct FakeLaboratory : ui::Laboratory {
  QTemporaryDir folder;

  explicit FakeLaboratory(std::chrono::microseconds pace = std::chrono::microseconds(0)) {
    engines = fakeEngines(pace);
    home = std::filesystem::path(folder.path().toStdString()) / "home";
    settingsFile = std::filesystem::path(folder.path().toStdString()) / "window.ini";
    programVersion = "test";
    loadData = [](const Config&) -> Result<std::shared_ptr<const Dataset>> {
      static const auto data = syntheticDataset({1, 28, 28}, 10, 2000, 200, 200, 1);
      return data;
    };
  }
};

/// 20 steps an epoch on the synthetic data; ends in a moment.
inline Config quickConfig() {
  Config config;
  config.hidden_widths = "32,16";
  config.sparsity = 0.9;
  config.batch_size = 100;
  config.update_interval = 10;
  config.epochs = 10;
  config.report_every = 5;
  return config;
}

/// Goes on until it is stopped.
inline Config endlessConfig() {
  Config config = quickConfig();
  config.epochs = 100000;
  config.report_every = 50;
  config.evaluate_every = 10;
  return config;
}

}  // namespace lab::test
