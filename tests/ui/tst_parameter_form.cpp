// The form against the table: an editor for every row, values in and out, problems in place, undo, live changes.

#include "any_config.h"
#include "parameters/config_builder.h"
#include "parameters/parameter_form.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <rapidcheck.h>

using namespace lab;
using namespace lab::ui;

namespace {

QString text(const ParameterForm& form, const std::string& key) { return form.row(key)->field()->text(); }

void type(ParameterForm& form, const std::string& key, const QString& value) {
  auto* line = form.row(key)->findChild<QLineEdit*>();
  QVERIFY2(line != nullptr, key.c_str());
  line->selectAll();
  if (value.isEmpty())
    QTest::keyClick(line, Qt::Key_Delete);
  else
    QTest::keyClicks(line, value);
}

void choose(ParameterForm& form, const std::string& key, const QString& value) {
  auto* combo = form.row(key)->findChild<QComboBox*>();
  QVERIFY2(combo != nullptr, key.c_str());
  combo->setCurrentText(value);
  Q_EMIT combo->textActivated(value);
}

}  // namespace

class TestParameterForm : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyParameterHasAnEditor() {
    SettingsHistory history;
    ParameterForm form(history);
    for (const auto& parameter : parameters()) {
      const auto* row = form.row(std::string(parameter.key));
      QVERIFY2(row != nullptr, parameter.key.data());
      QCOMPARE(row->field()->text().toStdString(), valueText(Config{}, parameter));
      QVERIFY(!row->field()->focusProxy()->accessibleName().isEmpty());
      QVERIFY(row->toolTip().contains(QString::fromUtf8(parameter.key.data())));
    }
    QVERIFY(form.problems().empty());
    for (const char* key : {"update_interval", "batch_size", "prune_rate"}) QVERIFY(form.dial(key) != nullptr);
  }

  void givesBackEveryConfiguration() {
    SettingsHistory history;
    ParameterForm form(history);
    QVERIFY(rc::check("form -> Config is the inverse of Config -> form", [&form] {
      const Config config = anyValidConfig();
      form.setConfig(config, "test");
      RC_ASSERT(form.config() == config);
      for (const auto& parameter : parameters())
        RC_ASSERT(form.row(std::string(parameter.key))->field()->text().toStdString() ==
                  valueText(config, parameter));
      RC_ASSERT(configurationHash(form.config()) == configurationHash(config));
    }));
  }

  void typingSetsTheValue() {
    SettingsHistory history;
    ParameterForm form(history);
    type(form, "learning_rate", "0.025");
    type(form, "hidden_widths", "64,32");
    type(form, "update_interval", "37");
    choose(form, "method", "explore-first");
    QTest::mouseClick(form.row("nesterov")->field()->focusProxy(), Qt::LeftButton, {}, {8, 8});
    QCOMPARE(form.config().learning_rate, 0.025);
    QCOMPARE(form.config().hidden_widths, std::string("64,32"));
    QCOMPARE(form.config().update_interval, int64_t{37});
    QCOMPARE(form.config().method, std::string("explore-first"));
    QCOMPARE(form.config().nesterov, !Config{}.nesterov);
  }

  void slidersAndNumbersAgree() {
    SettingsHistory history;
    ParameterForm form(history);
    auto* dial = form.dial("update_interval");
    dial->slider()->setValue(dial->slider()->maximum());
    QCOMPARE(form.config().update_interval, int64_t{10000});
    QCOMPARE(text(form, "update_interval"), QString("10000"));
    dial->slider()->setValue(0);
    QCOMPARE(form.config().update_interval, int64_t{1});
    type(form, "update_interval", "1000");
    const int at1000 = dial->slider()->value();
    type(form, "update_interval", "100");
    const int at100 = dial->slider()->value();
    type(form, "update_interval", "10");
    QCOMPARE(at1000 - at100, at100 - dial->slider()->value());  // even in the logarithm
  }

  void problemsStandBelowTheirField() {
    SettingsHistory history;
    ParameterForm form(history);
    QSignalSpy changed(&form, &ParameterForm::changed);
    type(form, "update_interval", "often");
    QVERIFY(form.row("update_interval")->problem().contains("often"));
    QVERIFY(!form.problems().empty());
    QCOMPARE(text(form, "update_interval"), QString("often"));
    type(form, "update_interval", "0");
    QVERIFY(form.row("update_interval")->problem().contains("0"));
    type(form, "update_interval", "50");
    QVERIFY(form.row("update_interval")->problem().isEmpty());
    QVERIFY(form.problems().empty());
    QVERIFY(changed.count() >= 3);
    type(form, "prune_rate", "0.1");
    type(form, "prune_rate_floor", "0.4");  // above the rate it falls from
    QVERIFY(!form.row("prune_rate_floor")->problem().isEmpty());
    QVERIFY(form.row("prune_rate")->problem().isEmpty());
  }

  void whatHasNoEffectIsGreyAndLeftOut() {
    SettingsHistory history;
    ParameterForm form(history);
    type(form, "update_interval", "37");
    choose(form, "method", "static");
    QVERIFY(!form.row("update_interval")->field()->isEnabled());
    QVERIFY(!form.dial("update_interval")->slider()->isEnabled());
    QVERIFY(form.row("update_interval")->toolTip().contains("static"));
    QVERIFY(form.problems().empty());
    Config expected;
    expected.method = "static";
    QCOMPARE(configurationHash(form.config()), configurationHash(expected));
    choose(form, "method", "set");
    QVERIFY(form.row("update_interval")->field()->isEnabled());
    QCOMPARE(form.config().update_interval, int64_t{37});  // not forgotten
  }

  void methodBringsItsOwnDefaults() {
    SettingsHistory history;
    ParameterForm form(history);
    for (const auto& method : findParameter("method")->choices()) {
      choose(form, "method", QString::fromStdString(method));
      QVERIFY(form.config() == defaultsFor(method));
    }
  }

  void resetsOneValue() {
    SettingsHistory history;
    ParameterForm form(history);
    form.show();
    auto* reset = form.row("momentum")->resetButton();
    QVERIFY(!reset->isVisible());
    type(form, "momentum", "0.5");
    QVERIFY(reset->isVisible());
    QTest::mouseClick(reset, Qt::LeftButton);
    QCOMPARE(form.config().momentum, Config{}.momentum);
    QVERIFY(!reset->isVisible());
    history.undo();
    QCOMPARE(form.config().momentum, 0.5);
  }

  void undoesAndRedoesWholeEdits() {
    SettingsHistory history;
    ParameterForm form(history);
    form.show();
    form.row("epochs")->field()->focusProxy()->setFocus();
    type(form, "epochs", "250");
    QTest::keyClick(form.row("epochs")->findChild<QLineEdit*>(), Qt::Key_Return);
    type(form, "seed", "9");
    choose(form, "distribution", "uniform");
    const Config last = form.config();
    history.undo();
    QCOMPARE(form.config().distribution, Config{}.distribution);
    QCOMPARE(form.row("distribution")->field()->text(), QString("erk"));
    history.undo();
    QCOMPARE(form.config().seed, Config{}.seed);
    history.undo();  // three keys typed, one edit
    QVERIFY(form.config() == Config{});
    QVERIFY(!history.canUndo());
    while (history.canRedo()) history.redo();
    QVERIFY(form.config() == last);
  }

  void anyEditsUndoToTheStart() {
    QVERIFY(rc::check("undoing everything gives the start, redoing everything the end", [] {
      SettingsHistory history;
    ParameterForm form(history);
      const int edits = *rc::gen::inRange(1, 20);
      for (int i = 0; i < edits; ++i) {
        const auto& parameter = parameters()[*rc::gen::inRange<size_t>(0, parameters().size())];
        Config config = form.config();
        setAny(config, parameter);
        form.setValue(std::string(parameter.key), valueText(config, parameter));
      }
      const auto end = form.values();
      while (history.canUndo()) history.undo();
      RC_ASSERT(form.values().empty());
      RC_ASSERT(form.config() == Config{});
      while (history.canRedo()) history.redo();
      RC_ASSERT(form.values() == end);
    }));
  }

  void tabGoesDownTheForm() {
    SettingsHistory history;
    ParameterForm form(history);
    form.resize(360, 2000);
    form.show();
    QVERIFY(QTest::qWaitForWindowExposed(&form));
    std::vector<QWidget*> fields;
    for (auto* widget = form.nextInFocusChain(); widget != &form; widget = widget->nextInFocusChain())
      for (const auto& parameter : parameters())
        if (widget == form.row(std::string(parameter.key))->field()->focusProxy() && widget->isVisible())
          fields.push_back(widget);
    QVERIFY(fields.size() > 20);
    for (size_t i = 1; i < fields.size(); ++i)
      QVERIFY2(fields[i]->mapTo(&form, QPoint()).y() > fields[i - 1]->mapTo(&form, QPoint()).y(),
               qPrintable(fields[i]->accessibleName()));
  }

  void duringARunOnlyLiveValuesChange() {
    SettingsHistory history;
    ParameterForm form(history);
    type(form, "seed", "3");
    QSignalSpy live(&form, &ParameterForm::liveChange);
    form.setRunning(true);
    for (const auto& parameter : parameters()) {
      const bool editable = form.row(std::string(parameter.key))->field()->isEnabled();
      if (parameter.takesEffect == TakesEffect::NewRun) QVERIFY2(!editable, parameter.key.data());
    }
    QVERIFY(!history.canUndo());  // the seed belongs to the run
    form.dial("update_interval")->slider()->setValue(3);
    form.dial("update_interval")->slider()->setValue(5);
    QTRY_COMPARE(live.count(), 1);  // the two are one
    QCOMPARE(live.first().at(0).value<std::string>(), std::string("update_interval"));
    QCOMPARE(live.first().at(1).value<std::string>(), valueText(form.config(), *findParameter("update_interval")));
    type(form, "batch_size", "none");  // a problem is not sent
    type(form, "batch_size", "64");
    QTRY_COMPARE(live.count(), 2);
    QCOMPARE(live.last().at(1).value<std::string>(), std::string("64"));
    while (history.canUndo()) history.undo();
    QCOMPARE(form.config().seed, int64_t{3});
    QTRY_COMPARE(live.count(), 4);
    form.setRunning(false);
    QVERIFY(form.row("seed")->field()->isEnabled());
    QVERIFY(history.canUndo());
  }

  void survivesDamagedMemory() {
    SettingsHistory history;
    ParameterForm form(history);
    form.restore({{"no_such_parameter", "1"}, {"epochs", "many"}, {"seed", "5"}});
    QCOMPARE(form.config().seed, int64_t{5});
    QVERIFY(!form.row("epochs")->problem().isEmpty());
    form.restoreSections("101010101010101010101");
    form.restoreSections({});
  }
};

QTEST_MAIN(TestParameterForm)
#include "tst_parameter_form.moc"
