#include "recorded_run.h"

#include "run_error.h"

#include <QtTest>

#include <algorithm>
#include <limits>

using namespace lab;
using namespace lab::test;

class TestRunCommands : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void divergenceEndsTheRunAndKeepsRows();
  void observerFailureEndsTheRun();
  void commandsBind();
  void badChangesAreRefused();
  void whatTheEngineRemarksIsRecordedOnce();
  void stepOneUpdatePauses();
  void stopTokenWakesAPausedRun();
  void snapshotsShowTheMoment();
};

void TestRunCommands::divergenceEndsTheRunAndKeepsRows() {
  Run run;
  Config config = smallConfig();
  config.report_every = 5;
  run.recording->loss = [](int64_t step) { return step < 30 ? 1.0 : std::numeric_limits<double>::quiet_NaN(); };
  run.train(config);
  QCOMPARE(run.result.status, RunStatus::Failed);
  QCOMPARE(run.result.exitCode, ExitCode::Diverged);
  QVERIFY2(run.result.reason.find("learning_rate below 0.1") != std::string::npos, run.result.reason.c_str());
  QVERIFY(run.seen.rows.size() > 4);
  QCOMPARE(run.seen.ends, 1);
}

void TestRunCommands::observerFailureEndsTheRun() {
  struct Failing : Collector {
    void onMetrics(const Metrics& row) override {
      if (row.step > 20) throw RunError(ExitCode::Disk, "no space left on /somewhere");
    }
  } observer;
  RunCommands commands;
  const RunResult result =
      trainRun(smallConfig(), smallData(), recordingRegistry(std::make_shared<Recording>()), observer, commands);
  QCOMPARE(result.status, RunStatus::Failed);
  QCOMPARE(result.exitCode, ExitCode::Disk);
  QCOMPARE(QString::fromStdString(result.reason), QString("no space left on /somewhere"));
}

void TestRunCommands::commandsBind() {
  Run run;
  bool sent = false;
  run.recording->afterSpan = [&](int64_t steps) {
    if (steps < 20 || sent) return;
    sent = true;
    run.commands.send(SetParameter{"update_interval", "3"});
    run.commands.send(SetParameter{"batch_size", "100"});
    run.commands.send(SetParameter{"prune_rate", "0.25"});
  };
  run.train(smallConfig());
  QCOMPARE(run.result.status, RunStatus::Done);
  const auto changes = std::count_if(run.seen.events.begin(), run.seen.events.end(),
                                     [](const RunEvent& e) { return e.kind == "change"; });
  QCOMPARE(changes, 3);
  QCOMPARE(run.recording->steps.size(), size_t{32 + 20});  // two epochs of 16 steps, two of 10
  const auto& plans = run.recording->plans;
  QCOMPARE(plans[1].step, 14);
  for (size_t u = 4; u < plans.size(); ++u) QCOMPARE(plans[u].step - plans[u - 1].step, 3);
  QVERIFY(plans.back().pruneRate < 0.25);
  QCOMPARE(run.seen.rows.back().plannedSteps, 52);
  QCOMPARE(run.seen.rows.back().batchSize, 100);
}

void TestRunCommands::badChangesAreRefused() {
  Run run;
  run.commands.send(SetParameter{"update_interval", "-3"});
  run.commands.send(SetParameter{"model", "lenet-5"});
  run.commands.send(SetParameter{"nonsense", "1"});
  run.train(smallConfig());
  QCOMPARE(run.result.status, RunStatus::Done);
  QVERIFY(!run.seen.has("change"));
  const auto warnings = std::count_if(run.seen.events.begin(), run.seen.events.end(),
                                      [](const RunEvent& e) { return e.kind == "warning" && !e.message.empty(); });
  QCOMPARE(warnings, 3);
}

void TestRunCommands::whatTheEngineRemarksIsRecordedOnce() {
  Run run;
  bool said = false;
  run.recording->afterSpan = [&](int64_t steps) {
    if (steps >= 20 && !std::exchange(said, true))
      run.recording->remarks = {"memory is short", "it goes on with less"};
  };
  run.train(smallConfig());
  QCOMPARE(run.result.status, RunStatus::Done);
  std::vector<std::string> warnings;
  for (const RunEvent& event : run.seen.events)
    if (event.kind == "warning") warnings.push_back(event.message);
  QCOMPARE(warnings, (std::vector<std::string>{"memory is short", "it goes on with less"}));
}

void TestRunCommands::stepOneUpdatePauses() {
  struct Stepper : Collector {
    RunCommands* commands = nullptr;
    std::vector<size_t> updatesAtPause;
    void onEvent(const RunEvent& event) override {
      Collector::onEvent(event);
      if (event.kind != "pause") return;
      updatesAtPause.push_back(updates.size());
      commands->send(updates.size() < 3 ? Command(StepOneUpdate{}) : Command(Stop{}));
    }
  } observer;
  RunCommands commands;
  observer.commands = &commands;
  commands.send(Pause{});
  const RunResult result =
      trainRun(smallConfig(), smallData(), recordingRegistry(std::make_shared<Recording>()), observer, commands);
  QCOMPARE(result.status, RunStatus::Stopped);
  QCOMPARE(observer.updatesAtPause, (std::vector<size_t>{0, 1, 2, 3}));
}

void TestRunCommands::stopTokenWakesAPausedRun() {
  std::stop_source source;
  struct Pauser : Collector {
    std::stop_source* source = nullptr;
    void onEvent(const RunEvent& event) override {
      Collector::onEvent(event);
      if (event.kind == "pause") source->request_stop();
    }
  } observer;
  observer.source = &source;
  RunCommands commands;
  commands.send(Pause{});
  const RunResult result = trainRun(smallConfig(), smallData(), recordingRegistry(std::make_shared<Recording>()),
                                    observer, commands, source.get_token());
  QCOMPARE(result.status, RunStatus::Stopped);
  QVERIFY(observer.has("stop"));
}

void TestRunCommands::snapshotsShowTheMoment() {
  Run run;
  bool asked = false;
  run.recording->afterSpan = [&](int64_t steps) {
    if (steps < 30 || asked) return;
    asked = true;
    run.commands.send(TakeSnapshot{});
    run.commands.send(TakeSnapshot{});
  };
  run.train(smallConfig());
  QCOMPARE(run.seen.snapshots.size(), size_t{1});
  const MaskSnapshot& moment = *run.seen.snapshots[0];
  for (size_t l = 0; l < moment.active.size(); ++l) {
    QCOMPARE(moment.active[l].count(), run.seen.start->layers[l].active);
    QCOMPARE(static_cast<int64_t>(moment.aliveSince[l].size()), moment.active[l].count());
    QCOMPARE(moment.explored[l].count(), moment.layers[l].explored);
    QVERIFY(moment.state.layers[l].active == moment.active[l]);
  }
}

QTEST_APPLESS_MAIN(TestRunCommands)
#include "tst_run_commands.moc"
