// What the desktop is told of long work.

#include "desktop/desktop_news.h"
#include "record_run.h"
#include "window_driver.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QProcess>
#include <QSignalSpy>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;
using State = RunController::State;

namespace {

std::vector<QDBusMessage> called(const FakeLaboratory& lab, const char* member) {
  std::vector<QDBusMessage> found;
  for (const auto& message : lab.desktopTold)
    if (message.member() == QLatin1String(member)) found.push_back(message);
  return found;
}

DesktopOptions recordedIn(std::vector<QDBusMessage>& told) {
  DesktopOptions options;
  options.send = [&](const QDBusMessage& message) { told.push_back(message); };
  options.ask = [&](const QDBusMessage& message, const BusAnswer&) { told.push_back(message); };
  options.listen = [](const NotificationAction&) { return nullptr; };
  return options;
}

QVariantMap properties(const QDBusMessage& update) { return update.arguments().at(1).toMap(); }

}  // namespace

/// What a desktop has on its bus.
class NotificationService : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
 public:
  QStringList titles;

 public Q_SLOTS:
  uint Notify(const QString&, uint, const QString&, const QString& title, const QString&, const QStringList&,
              const QVariantMap&, int) {
    titles << title;
    return 42;
  }

 Q_SIGNALS:
  void ActionInvoked(uint number, const QString& action);
};

class TestDesktopNews : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void progressIsToldInHundredthsAndTakenAway() {
    std::vector<QDBusMessage> told;
    DesktopNews news(recordedIn(told), {});
    news.idle();
    QVERIFY(told.empty());
    for (int i = 0; i <= 1000; ++i) news.progress(i / 1000.0);
    QCOMPARE(told.size(), size_t{101});
    QCOMPARE(told.back().interface(), QString("com.canonical.Unity.LauncherEntry"));
    QCOMPARE(told.back().arguments().at(0).toString(), QString("application://io.github.itoplab.ITOPLab.desktop"));
    QCOMPARE(properties(told[50]).value("progress").toDouble(), .5);
    QCOMPARE(properties(told[50]).value("progress-visible").toBool(), true);
    news.idle();
    news.idle();
    QCOMPARE(told.size(), size_t{102});
    QCOMPARE(properties(told.back()).value("progress-visible").toBool(), false);
  }

  void onlyLongWorkThatNobodyWatchesIsNotified() {
    std::vector<QDBusMessage> told;
    DesktopNews news(recordedIn(told), {});
    news.ended("Done", "87 %", 29, false);
    news.ended("Done", "87 %", 31, true);
    QVERIFY(told.empty());
    news.ended("Done", "87 %", 31, false);
    QCOMPARE(told.size(), size_t{1});
    QCOMPARE(told[0].type(), QDBusMessage::MethodCallMessage);
    QCOMPARE(told[0].service(), QString("org.freedesktop.Notifications"));
    const auto words = told[0].arguments();
    QByteArray types;
    for (const auto& word : words) types += QByteArray(word.typeName()) + ' ';
    QCOMPARE(types, QByteArray("QString uint QString QString QString QStringList QVariantMap int "));
    QCOMPARE(words.at(3).toString(), QString("Done"));
    news.setEnabled(false);
    news.ended("Done", "87 %", 31, false);
    news.progress(.5);
    QCOMPARE(told.size(), size_t{1});
  }

  void switchedOffItTakesTheProgressAway() {
    std::vector<QDBusMessage> told;
    DesktopNews news(recordedIn(told), {});
    news.progress(.5);
    news.setEnabled(false);
    QCOMPARE(told.size(), size_t{2});
    QCOMPARE(properties(told.back()).value("progress-visible").toBool(), false);
  }

  void aRunTellsHowFarItIsAndThatItIsDone() {
    FakeLaboratory lab;
    lab.desktop.longSeconds = 0;
    WindowDriver driver(lab);
    QWidget other;
    other.show();
    other.activateWindow();
    QTRY_VERIFY(!driver.window.isActiveWindow());
    driver.prepare(quickConfig());
    QSignalSpy finished(&driver.window.run(), &RunController::finished);
    driver.window.start();
    QTRY_COMPARE(finished.count(), 1);
    const auto updates = called(lab, "Update");
    QVERIFY(updates.size() >= 2);
    QCOMPARE(properties(updates.front()).value("progress-visible").toBool(), true);
    QCOMPARE(properties(updates.back()).value("progress-visible").toBool(), false);
    const auto notified = called(lab, "Notify");
    QCOMPARE(notified.size(), size_t{1});
    QVERIFY(notified[0].arguments().at(4).toString().contains("test accuracy"));
    // A click on it brings the window back.
    driver.window.showMinimized();
    lab.actOnNotification(FakeLaboratory::kNotification + 1, "default");  // somebody else's
    lab.actOnNotification(FakeLaboratory::kNotification, "inline-reply");
    QVERIFY(driver.window.isMinimized());
    lab.actOnNotification(FakeLaboratory::kNotification, "default");
    QVERIFY(!driver.window.isMinimized() && driver.window.isVisible());
  }

  /// A real bus, and on it a service that takes notifications as a desktop does.
  void aRealBusCarriesNotificationAndClick() {
    QProcess daemon;
    daemon.start("dbus-daemon", {"--session", "--nofork", "--print-address"});
    if (!daemon.waitForStarted()) QSKIP("dbus-daemon is not installed");
    QVERIFY(daemon.waitForReadyRead());
    const QByteArray address = daemon.readLine().trimmed();
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    auto bus = QDBusConnection::connectToBus(QString::fromUtf8(address), "desktop");
    NotificationService service;
    QVERIFY(bus.registerObject("/org/freedesktop/Notifications", &service, QDBusConnection::ExportAllContents));
    QVERIFY(bus.registerService("org.freedesktop.Notifications"));
    int clicks = 0;
    DesktopOptions options;
    options.longSeconds = 0;
    DesktopNews news(options, [&] { ++clicks; });
    news.progress(.5);
    news.ended("Done", "87 %", 31, false);
    QTRY_COMPARE(service.titles, QStringList{"Done"});
    const auto click = [&] { Q_EMIT service.ActionInvoked(42, "default"); };
    QTRY_VERIFY((click(), clicks > 0));  // once the answer with its number has come
    QDBusConnection::disconnectFromBus("desktop");
    daemon.terminate();
    daemon.waitForFinished();
  }

  void theSwitchIsRemembered() {
    FakeLaboratory lab;
    lab.desktop.longSeconds = 0;
    {
      WindowDriver driver(lab);
      QVERIFY(driver.action("notify")->isChecked());
      driver.action("notify")->trigger();
      driver.window.close();
    }
    WindowDriver driver(lab);
    QVERIFY(!driver.action("notify")->isChecked());
    driver.prepare(quickConfig());
    QSignalSpy finished(&driver.window.run(), &RunController::finished);
    driver.window.start();
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(lab.desktopTold.empty());
  }
};

QTEST_MAIN(TestDesktopNews)
#include "tst_desktop_news.moc"
