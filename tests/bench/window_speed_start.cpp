// How long until the window can be used. The program starts itself, so that loading it counts too.
#include "engines/sparse/sparse_engine.h"
#include "main_window.h"
#include "parameters/parameter_form.h"
#include "window_speed.h"

#include <QApplication>
#include <QProcess>
#include <QTemporaryDir>

#include <chrono>
#include <cstdio>

namespace lab::bench {

namespace {

constexpr int kStarts = 15;

/// Of a clock that all programs share.
int64_t nanosecondsNow() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

/// Notes when something has been drawn.
class Drawn : public QObject {
 public:
  bool seen = false;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    seen |= event->type() == QEvent::Paint;
    return QObject::eventFilter(watched, event);
  }
};

}  // namespace

int startAndSay() {
  const QTemporaryDir folder;
  const std::filesystem::path root = folder.path().toStdString();
  EngineRegistry engines;
  engines.add(sparseEngine());
  const ui::Laboratory lab{
      .engines = engines, .home = root / "home", .programVersion = "bench", .settingsFile = root / "window.ini"};
  ui::MainWindow window(lab);
  Drawn drawn;
  window.centralWidget()->installEventFilter(&drawn);
  window.show();
  while (!drawn.seen) QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
  window.form().setValue("update_interval", "70");
  settle();
  if (window.form().config().update_interval != 70) return 1;
  std::printf("%lld\n", static_cast<long long>(nanosecondsNow()));
  return 0;
}

void measureStart(const char* program) {
  std::vector<double> times;
  for (int i = 0; i < kStarts; ++i) {
    QProcess child;
    const int64_t begun = nanosecondsNow();
    child.start(QString::fromLocal8Bit(program), {QStringLiteral("--usable")});
    if (!child.waitForFinished() || child.exitCode() != 0) return;
    times.push_back(1e-6 * static_cast<double>(child.readAllStandardOutput().trimmed().toLongLong() - begun));
  }
  printTail("start until drawn and the form answers", tailOf(times), "1000");
}

}  // namespace lab::bench
