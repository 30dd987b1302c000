// Closing while something is under way, and what the next window finds.

#include "banner.h"
#include "experiments/axis_text.h"
#include "handover/commands.h"
#include "parameters/config_text.h"
#include "record_run.h"
#include "runs/runs_page.h"
#include "store/checkpoint.h"
#include "store/files.h"
#include "store/run_writer.h"
#include "sweeps/sweep_page.h"
#include "window_driver.h"

#include <QApplication>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>

#include <future>

using namespace lab;
using namespace lab::test;
using namespace lab::ui;
using State = RunController::State;

namespace {

/// Looks at the question that is about to be asked, then presses one of its buttons.
void answer(
    const QString& buttonText, const std::function<void(QMessageBox&)>& look = [](QMessageBox&) {}) {
  QTimer::singleShot(0, [buttonText, look] {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    QVERIFY(box != nullptr);
    look(*box);
    for (auto* button : box->buttons())
      if (button->text().remove('&') == buttonText) return QTest::mouseClick(button, Qt::LeftButton);
    box->reject();
    QFAIL(qPrintable("no button " + buttonText));
  });
}

const QString kGoOn = QStringLiteral("Go on without a window");

/// What the program is told beside --home and --quiet.
Arguments told(const FakeLaboratory& lab, size_t command = 0) {
  Arguments words = lab.handedOver.at(0).at(command);
  const Arguments everywhere{"--quiet", "--home", lab.home.string()};
  if (words.size() < 3 || !std::equal(words.end() - 3, words.end(), everywhere.begin())) return {"no home"};
  words.resize(words.size() - 3);
  return words;
}

/// A run that says that it is running though nobody writes it.
std::filesystem::path recordCutOff(FakeLaboratory& lab) {
  const auto directory = recordStopped(lab, endlessConfig());
  auto state = readWhole(directory / "state.json").take();
  const auto place = state.find("\"stopped\"");
  state.replace(place, 9, "\"running\"");
  writeWhole(directory / "state.json", state);
  return directory;
}

QStringList choices(const Banner& banner) {
  QStringList texts;
  for (const auto* button : banner.findChildren<QPushButton*>())
    if (button->isVisible()) texts << button->text();
  return texts;
}

void choose(const Banner& banner, const QString& text) {
  for (auto* button : banner.findChildren<QPushButton*>())
    if (button->isVisible() && button->text() == text) return button->click();
  QFAIL(qPrintable("no choice " + text));
}

}  // namespace

class TestClosing : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aRunGoesOnWithoutTheWindow() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    std::unique_ptr<RunWriter> elsewhere;
    lab.commandLineProgram.start = [&](const auto&, const auto& commands, const auto&) {
      lab.handedOver.push_back(commands);
      elsewhere = RunWriter::resume(commands[0][1], {lab.home, "resume", "test"}).take().writer;
      return Problems{};
    };
    {
      WindowDriver driver(lab);
      driver.prepare(endlessConfig());
      QSignalSpy rows(&driver.window.run(), &RunController::metricsArrived);
      driver.click("start");
      QTRY_VERIFY(rows.count() > 2);
      answer(kGoOn, [](QMessageBox& box) { QVERIFY(box.informativeText().contains("a checkpoint is kept")); });
      QVERIFY(!driver.window.close());  // not before the checkpoint is written
      QTRY_VERIFY(driver.window.isHidden());
      QCOMPARE(driver.state(), State::Idle);
      const auto run = listRuns(lab.home).front();
      QCOMPARE(told(lab), (Arguments{"resume", run.directory.string()}));
      QVERIFY(std::filesystem::exists(run.directory / "checkpoints"));
    }
    WindowDriver next(lab);
    const auto* runs = next.window.findChild<RunsPage*>();
    QTRY_COMPARE(runs->runs().size(), size_t{1});
    QCOMPARE(runs->runs().front().status, StoredStatus::Running);
    QVERIFY(next.window.findChild<Banner*>()->isHidden());  // nothing was cut off
  }

  void aRunWhoseDataAreStillReadGoesOnFromItsBeginning() {
    FakeLaboratory lab;
    std::promise<void> loaded;
    lab.loadData = [load = lab.loadData, gate = loaded.get_future().share()](const Config& config) {
      gate.wait();
      return load(config);
    };
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QCOMPARE(driver.state(), State::Loading);
    answer(kGoOn);
    QVERIFY(!driver.window.close());
    loaded.set_value();
    QTRY_VERIFY(driver.window.isHidden());
    const auto run = listRuns(lab.home).front();
    QCOMPARE(told(lab), (Arguments{"resume", run.directory.string()}));
    QVERIFY(run.config == endlessConfig());
    QVERIFY(whyNoResume(run).empty());
  }

  void aFigureGoesOnWithoutTheWindow() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.window.chooseFigure("figure3");
    driver.click("start");
    QVERIFY(driver.window.sweep().busy());
    answer(kGoOn);
    QVERIFY(!driver.window.close());
    QTRY_VERIFY(driver.window.isHidden());
    QVERIFY(!driver.window.sweep().busy());
    QCOMPARE(told(lab), (Arguments{"reproduce", "figure3", "--scale", "quick", "--seeds", "3", "--out",
                                   (lab.home / "figures" / "figure3").string()}));
  }

  void sweepsGoOnOneAfterAnother() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    auto& page = *driver.window.findChild<SweepPage*>();
    for (const char* axis : {"update_interval=5,10", "hidden_widths=16,8;"}) {
      page.setAxesText({axis});
      page.findChild<QPushButton*>("startSweep")->click();
    }
    QVERIFY(page.busy());
    const auto cells = page.queue().waiting().front().data.cells;
    answer(kGoOn);
    QVERIFY(!driver.window.close());
    QTRY_VERIFY(driver.window.isHidden());
    QCOMPARE(lab.handedOver.at(0).size(), size_t{2});
    auto words = told(lab, 1);
    QCOMPARE(words.front(), std::string("sweep"));
    const auto axis = std::ranges::find(words, "--axis");
    QVERIFY(axis != words.end());
    const auto read = parseAxis(axis[1]);
    QVERIFY(read.ok());
    QCOMPARE(read.value().key, std::string("hidden_widths"));
    QCOMPARE(read.value().values.size(), size_t{1});
    QCOMPARE(read.value().values.front().label, cells.front().labels.front());
    std::string line = "itoplab run";  // what lies beneath the axes
    for (auto word = words.begin() + 1; word != axis; ++word) line += " " + shellWord(*word);
    QVERIFY(readConfigText(line).value().config == endlessConfig());
  }

  void withoutTheProgramTheQuestionSaysSo() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    lab.commandLineProgram.find = [] { return Problem{"itoplab", "there is none & that is why"}; };
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QTRY_COMPARE(driver.state(), State::Running);
    answer("Cancel", [](QMessageBox& box) {
      QVERIFY(box.informativeText().contains("there is none &amp; that is why"));
      for (auto* button : box.buttons()) QCOMPARE(button->isEnabled(), button->text() != kGoOn);
    });
    QVERIFY(!driver.window.close());
    QCOMPARE(driver.state(), State::Running);
  }

  void whatCannotBeHandedOverStaysOpen() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    lab.commandLineProgram.start = [](const auto&, const auto&, const auto&) {
      return Problems{{"itoplab", "permission denied"}};
    };
    WindowDriver driver(lab);
    driver.prepare(endlessConfig());
    driver.click("start");
    QTRY_COMPARE(driver.state(), State::Running);
    answer(kGoOn);
    QVERIFY(!driver.window.close());
    const auto* banner = driver.window.findChild<Banner*>();
    QTRY_VERIFY(banner->isVisible());
    QVERIFY(banner->text().contains("permission denied"));
    QVERIFY(driver.window.isVisible());
    QVERIFY(driver.action("start")->isEnabled());
  }

  void theProcessGetsItsWordsAsTheyAre() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    const auto program = path / "the program";
    writeWhole(program, "#!/bin/sh\nprintf '[%s]' \"$@\"\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    const auto log = path / "what it's said";
    QVERIFY(startDetached(program, {{"run", "a b", "it's", "$HOME"}, {"again"}}, log).empty());
    const auto said = [&] {
      auto text = readWhole(log);
      return text ? text.take() : std::string();
    };
    QTRY_COMPARE(said(), std::string("[run][a b][it's][$HOME][again]"));
  }

  void aRunThatWasCutOffIsOfferedOnce() {
    FakeLaboratory lab(Pace::WithTheEventLoop);
    const auto directory = recordCutOff(lab);
    const auto id = QString::fromStdString(directory.filename().string());
    {
      WindowDriver driver(lab);
      const auto* banner = driver.window.findChild<Banner*>();
      QTRY_VERIFY(banner->isVisible());
      QVERIFY2(banner->text().contains(id), qPrintable(banner->text()));
      QVERIFY2(banner->text().contains("cut off at 0 %"), qPrintable(banner->text()));
      QCOMPARE(choices(*banner), (QStringList{"Go on", "Dismiss"}));
      choose(*banner, "Go on");
      QVERIFY(banner->isHidden());
      QTRY_COMPARE(driver.state(), State::Running);
      QVERIFY(driver.hasLogged("resumed"));
      driver.click("stop");
      QTRY_COMPARE(driver.state(), State::Idle);
    }
    WindowDriver next(lab);
    QTRY_VERIFY(!next.window.findChild<RunsPage*>()->runs().empty());
    QVERIFY(next.window.findChild<Banner*>()->isHidden());
  }

  void dismissedOnesAreNotOfferedAgain_data() {
    QTest::addColumn<bool>("byCross");
    QTest::newRow("dismiss") << false;
    QTest::newRow("cross") << true;
  }
  void dismissedOnesAreNotOfferedAgain() {
    QFETCH(bool, byCross);
    FakeLaboratory lab(Pace::WithTheEventLoop);
    recordCutOff(lab);
    recordCutOff(lab);
    {
      WindowDriver driver(lab);
      const auto* banner = driver.window.findChild<Banner*>();
      QTRY_VERIFY(banner->isVisible());
      QVERIFY2(banner->text().contains("2 runs"), qPrintable(banner->text()));
      choose(*banner, "Show them");
      QCOMPARE(driver.page(), int(MainWindow::Runs));
      QTRY_COMPARE(driver.window.findChild<RunsPage*>()->shown().size(), size_t{2});
    }
    {
      WindowDriver driver(lab);  // they were looked at, and nothing was decided
      const auto* banner = driver.window.findChild<Banner*>();
      QTRY_VERIFY(banner->isVisible());
      byCross ? banner->findChild<QToolButton*>("closeBanner")->click() : choose(*banner, "Dismiss");
      QVERIFY(banner->isHidden());
    }
    WindowDriver next(lab);
    QTRY_VERIFY(!next.window.findChild<RunsPage*>()->runs().empty());
    QVERIFY(next.window.findChild<Banner*>()->isHidden());
  }

  void theFigureIsAsItWasLeft() {
    FakeLaboratory lab;
    const FigureChoice choice{FigureScale::Standard, 5, false};
    {
      WindowDriver driver(lab);
      driver.window.chooseFigure("figure6");
      driver.window.findChild<FigurePanel*>()->setChoice(choice);
      driver.window.close();
    }
    WindowDriver next(lab);
    QVERIFY(next.window.findChild<FigurePanel*>()->choice() == choice);
    QVERIFY(!next.action("undo")->isEnabled());
  }

  void aCrashLosesNothingOfTheForm() {
    FakeLaboratory lab;
    WindowDriver driver(lab);
    driver.prepare(quickConfig());
    // The window is still there: nothing was said to it before its end.
    const auto file = QString::fromStdString(lab.settingsFile.string());
    QTRY_COMPARE(QSettings(file, QSettings::IniFormat).value("form/hidden_widths").toString(), "32,16");
    WindowDriver next(lab);
    QVERIFY(next.window.form().config() == quickConfig());
  }
};

QTEST_MAIN(TestClosing)
#include "tst_closing.moc"
