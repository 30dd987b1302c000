#pragma once
// A laboratory in a folder of its own: the fake engine, a small synthetic data set, no memory of earlier windows.

#include "fake_engine.h"
#include "run_controller.h"

#include <QTemporaryDir>
#include <QTimer>

namespace lab::test {

/// As fast as it can, or only while the test's event loop turns, a few steps a turn.
enum class Pace { Free, WithTheEventLoop };

struct FakeLaboratory : ui::Laboratory {
  QTemporaryDir folder;
  std::shared_ptr<StepPermits> permits;  ///< null: as fast as it can
  QTimer turns;
  std::vector<QDBusMessage> desktopTold;
  static constexpr uint kNotification = 7;  ///< the number that every notification gets
  ui::NotificationAction actOnNotification;
  std::vector<std::vector<ui::Arguments>> handedOver;  ///< what was given to the command line program

  explicit FakeLaboratory(Pace pace = Pace::Free) {
    if (pace == Pace::WithTheEventLoop) {
      permits = std::make_shared<StepPermits>();
      QObject::connect(&turns, &QTimer::timeout, &turns, [p = permits] { p->grant(20); });
      turns.start(1);
    }
    engines = fakeEngines(permits);
    home = std::filesystem::path(folder.path().toStdString()) / "home";
    settingsFile = std::filesystem::path(folder.path().toStdString()) / "window.ini";
    programVersion = "test";
    loadData = [](const Config&) -> Result<std::shared_ptr<const Dataset>> {
      static const auto data = syntheticDataset({1, 28, 28}, 10, 2000, 200, 200, 1);
      return data;
    };
    desktop.send = [this](const QDBusMessage& message) { desktopTold.push_back(message); };
    desktop.ask = [this](const QDBusMessage& message, const ui::BusAnswer& answer) {
      desktopTold.push_back(message);
      answer(message.createReply(uint(kNotification)));
    };
    desktop.listen = [this](ui::NotificationAction acted) {
      actOnNotification = std::move(acted);
      return std::make_unique<QObject>();
    };
    commandLineProgram.find = [] { return std::filesystem::path("/usr/bin/itoplab"); };
    commandLineProgram.startAlone = [](const auto&, const auto&, const auto&) {
      return Problem{"itoplab", "no process of its own in this test"};
    };
    commandLineProgram.start = [this](const auto&, const auto& commands, const auto&) {
      handedOver.push_back(commands);
      return Problems{};
    };
  }
};

/// Declared after what owns a run: lets the run go on at its end, so that it can be joined.
struct LetGo {
  explicit LetGo(const FakeLaboratory& laboratory) : permits(laboratory.permits) {}
  ~LetGo() {
    if (permits) permits->open();
  }
  std::shared_ptr<StepPermits> permits;
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
