// lab_bench_window [ROUNDS [EPOCHS]]: what the window costs the training it shows, and how long it keeps a person
// waiting. The same run trains without and with the window, alternating. Both sides are given in time in which the
// thread really ran, so that whatever else the machine does takes no time slices from either.
#include "engines/sparse/sparse_engine.h"
#include "main_window.h"
#include "paired.h"
#include "parameters/parameter_form.h"
#include "store/run_writer.h"
#include "training/trainer.h"

#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTimer>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <thread>

namespace lab::bench {

namespace {

double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// From its first step to its end, on the training's thread: training, record, and whatever the window asks for.
class Metered : public Engine {
 public:
  Metered(std::unique_ptr<Engine> inner, double& secondsPerStep)
      : inner_(std::move(inner)), secondsPerStep_(secondsPerStep), begun_(threadSeconds()) {}
  ~Metered() override {
    secondsPerStep_ = (threadSeconds() - begun_) / static_cast<double>(std::max<int64_t>(1, steps_));
  }
  Metered(const Metered&) = delete;
  Metered& operator=(const Metered&) = delete;

  void submit(const Span& span) override {
    steps_ += static_cast<int64_t>(span.steps.size());
    inner_->submit(span);
  }
  SpanResult collect() override { return inner_->collect(); }
  Sums evaluate(Split split) override { return inner_->evaluate(split); }
  EngineState state() override { return inner_->state(); }
  void restore(const EngineState& state) override { inner_->restore(state); }

 private:
  std::unique_ptr<Engine> inner_;
  double& secondsPerStep_;
  double begun_;
  int64_t steps_ = 0;
};

EngineRegistry meteredEngines(double& secondsPerStep) {
  EngineInfo info = sparseEngine();
  info.make = [make = info.make, &secondsPerStep](const EngineSetup& setup) -> std::unique_ptr<Engine> {
    return std::make_unique<Metered>(make(setup), secondsPerStep);
  };
  EngineRegistry engines;
  engines.add(info);
  return engines;
}

/// A timer that wants to fire all the time: how late it is, is how long a click would have waited.
class Heartbeat {
 public:
  Heartbeat() {
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { beat(); });
    timer_.start(1);
    wall_.start();
  }
  std::vector<double> waits, work;  ///< ms between beats: on the clock, and the thread's own work

 private:
  void beat() {
    waits.push_back(1e-6 * static_cast<double>(wall_.nsecsElapsed()));
    wall_.start();
    const double now = threadSeconds();
    work.push_back(1e3 * (now - worked_));
    worked_ = now;
  }
  QTimer timer_;
  QElapsedTimer wall_;
  double worked_ = threadSeconds();
};

/// "p95, largest"
std::string tail(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return fmt::format("p95 {:.1f}, largest {:.1f}", values[values.size() * 95 / 100], values.back());
}

void trainHeadless(const ui::Laboratory& lab, const Config& config) {
  const auto writer = RunWriter::create(config, {lab.home, "lab_bench_window", "bench"});
  if (!writer) throw std::runtime_error(describe(writer.problems()));
  RunCommands commands;
  trainRun(config, lab.loadData(config).take(), lab.engines, *writer.value(), commands);
}

void trainInWindow(const ui::Laboratory& lab, const Config& config, Heartbeat& heart, double& guiShare) {
  ui::MainWindow window(lab);
  window.resize(1400, 900);
  window.show();
  window.chooseFigure({});
  window.form().setConfig(config, "bench");
  QSignalSpy finished(&window.run(), &ui::RunController::finished);
  QElapsedTimer wall;
  QCoreApplication::processEvents();
  heart.waits.clear(), heart.work.clear();
  const double before = threadSeconds();
  wall.start();
  window.findChild<QAction*>("start")->trigger();
  while (finished.isEmpty()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
  guiShare = (threadSeconds() - before) / (1e-9 * static_cast<double>(wall.nsecsElapsed()));
}

int run(int rounds, int64_t epochs) {
  QTemporaryDir folder;
  const std::filesystem::path root = folder.path().toStdString();
  double secondsPerStep = 0;
  const auto data = loadDataset(Config{}).take();
  ui::Laboratory lab{.engines = meteredEngines(secondsPerStep),
                     .home = root / "home",
                     .programVersion = "bench",
                     .settingsFile = root / "window.ini",
                     .loadData = [data](const Config&) {
                       return Result<std::shared_ptr<const Dataset>>(data);
                     }};
  fmt::print("{:>9} {:>14} {:>14} {:>26} {:>16}  {}\n", "sparsity", "alone ms", "window ms", "window / alone",
             "window's thread", "event loop's turns, ms of its own work / on the clock");
  for (const double sparsity : {0.90, 0.99}) {
    Config config;
    config.sparsity = sparsity;
    config.epochs = epochs;
    config.threads = 1;
    std::vector<double> alone, shown, ratios, gui, waits, work;
    for (int round = 0; round < rounds; ++round) {
      std::thread([&] { trainHeadless(lab, config); }).join();
      alone.push_back(1e3 * secondsPerStep);
      Heartbeat heart;
      double guiShare = 0;
      trainInWindow(lab, config, heart, guiShare);
      shown.push_back(1e3 * secondsPerStep);
      ratios.push_back(shown.back() / alone.back());
      gui.push_back(100 * guiShare);
      waits.insert(waits.end(), heart.waits.begin(), heart.waits.end());
      work.insert(work.end(), heart.work.begin(), heart.work.end());
    }
    fmt::print("{:>9} {:>14.4f} {:>14.4f} {:>26} {:>14.1f} %  {} / {}\n", sparsity, spreadOf(alone).median,
               spreadOf(shown).median, text(spreadOf(ratios)), spreadOf(gui).median, tail(work), tail(waits));
    std::fflush(stdout);
  }
  fmt::print("{} rounds; targets: at most 1.03; a control answers within 100 ms\n", rounds);
  return 0;
}

}  // namespace

}  // namespace lab::bench

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY"))
    qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  return lab::bench::run(argc > 1 ? std::atoi(argv[1]) : 10, argc > 2 ? std::atoi(argv[2]) : 3);
}
