#include "main_window.h"

#include "banner.h"
#include "compare/compare_page.h"
#include "control_bar.h"
#include "docks/dock.h"
#include "data/data_info.h"
#include "event_log.h"
#include "figures/figure_page.h"
#include "live/live_page.h"
#include "network/models.h"
#include "parameters/parameter_form.h"
#include "parameters/value_field.h"
#include "reproducibility_panel.h"
#include "runs/runs_page.h"
#include "sweeps/sweep_page.h"
#include "training/trainer.h"
#include "window_style.h"
#include "wording.h"

#include <QLabel>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace lab::ui {
namespace {

// The forecast of Rₛ goes through all updates: this many take a moment.
constexpr double kMostPredictedUpdates = 2e5;

QString engineText(const EngineInfo& engine) {
  return MainWindow::tr("%1 · %2").arg(
      QString::fromStdString(engine.name + (engine.detail.empty() ? "" : " (" + engine.detail + ")")),
      engine.sparseArithmetic ? MainWindow::tr("truly sparse") : MainWindow::tr("simulated sparsity"));
}

QScrollArea* scrolling(QWidget* content, QWidget* parent) {
  auto* area = new QScrollArea(parent);
  area->setObjectName(QStringLiteral("leftPanel"));
  area->setWidget(content);
  area->setWidgetResizable(true);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setFocusPolicy(Qt::NoFocus);
  return area;
}

}  // namespace

MainWindow::MainWindow(const Laboratory& laboratory, QWidget* parent)
    : QMainWindow(parent),
      laboratory_(laboratory),
      run_(laboratory),
      sweep_(laboratory),
      news_(laboratory.desktop, [this] { comeForward(); }),
      index_(std::make_shared<RunIndex>(laboratory.home)) {
  setAcceptDrops(true);
  setWindowTitle(tr("ITOP Lab"));
  const auto restyle = [this] { setStyleSheet(windowStyle(theme())); };
  // Before the panels are there, so that their own colours come after a new style sheet and not before it.
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, restyle);
  restyle();
  makeActions();
  build();
  connectReproducibility();
  makeMenus();
  connectRun();
  connectApart();
  connectSweep();
  connectRuns();
  connectSweeps();
  connectHistory();
  connectNews();
  restoreSession();
  experiment_ = bar_->experiment();
  history_.clear();
  listSoon_.setSingleShot(true);
  listSoon_.setInterval(1500);
  connect(&listSoon_, &QTimer::timeout, this, &MainWindow::listRuns);
  listRuns();
}

MainWindow::~MainWindow() {
  // The widgets outlive the members of this class; nothing that they still say may reach it.
  for (auto* part : findChildren<QObject*>()) part->disconnect(this);
}

void MainWindow::build() {
  bar_ = new ControlBar(this);
  bar_->addButton(actions_.start, true);
  for (auto* action : {actions_.pause, actions_.stop, actions_.step}) bar_->addButton(action);
  banner_ = new Banner(this);
  form_ = new ParameterForm(history_, this);
  form_->setObjectName(QStringLiteral("form"));
  figurePanel_ = new FigurePanel(this);
  figurePanel_->setObjectName(QStringLiteral("figurePanel"));
  for (QWidget* panel : {static_cast<QWidget*>(form_), static_cast<QWidget*>(figurePanel_)})
    panel->setAttribute(Qt::WA_StyledBackground);
  left_ = new QStackedWidget;
  left_->addWidget(scrolling(figurePanel_, left_));
  left_->addWidget(scrolling(form_, left_));
  left_->setMinimumWidth(300);

  live_ = new LivePage(this);
  figurePage_ = new FigurePage(this);
  runs_ = new RunsPage(this);
  compare_ = new ComparePage(background_, this);
  sweeps_ = new SweepPage(laboratory_, this);
  runTitle_ = new QLabel(this);
  runTitle_->setObjectName(QStringLiteral("runTitle"));
  useParameters_ = new QPushButton(tr("Use these parameters"), this);
  useParameters_->setObjectName(QStringLiteral("useParameters"));
  auto* header = new QWidget(this);
  auto* titleRow = new QHBoxLayout(header);
  titleRow->setContentsMargins(18, 6, 16, 0);
  titleRow->addStrut(30);
  resume_ = new QPushButton(tr("Resume training"), this);
  resume_->setObjectName(QStringLiteral("resumeRun"));
  resume_->setToolTip(tr("Go on from the last checkpoint; it ends as the run in one piece would have ended"));
  titleRow->addWidget(runTitle_, 1);
  titleRow->addWidget(resume_);
  titleRow->addWidget(useParameters_);
  auto* livePage = new QWidget(this);
  auto* liveLayout = new QVBoxLayout(livePage);
  liveLayout->setContentsMargins(0, 0, 0, 0);
  liveLayout->setSpacing(0);
  liveLayout->addWidget(header);
  liveLayout->addWidget(live_, 1);
  setRunTitle({}, false);

  pages_ = new QTabWidget(this);
  pages_->setObjectName(QStringLiteral("pages"));
  pages_->addTab(livePage, tr("Live"));
  pages_->addTab(figurePage_, tr("Figure"));
  pages_->addTab(runs_, tr("Runs"));
  pages_->addTab(compare_, tr("Compare"));
  pages_->addTab(sweeps_, tr("Sweeps"));
  log_ = new EventLog;
  reproducibility_ = new ReproducibilityPanel;
  setCentralWidget(pages_);
  menus_ = new QMenuBar(this);
  auto* top = new QWidget(this);  // above the docks too
  auto* layout = new QVBoxLayout(top);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(menus_);
  layout->addWidget(bar_);
  layout->addWidget(banner_);
  setMenuWidget(top);
  resize(1440, 900);
  makeDocks();
  auto* logButton = new QToolButton(this);
  logButton->setObjectName(QStringLiteral("logButton"));
  logButton->setDefaultAction(logDock_->toggleViewAction());
  logButton->setAutoRaise(true);
  logButton->setFocusPolicy(Qt::TabFocus);
  pages_->setCornerWidget(logButton);

  connect(bar_, &ControlBar::experimentChosen, this, &MainWindow::experimentChosen);
  connect(form_, &ParameterForm::changed, this, &MainWindow::configurationChanged);
  connect(form_, &ParameterForm::liveChange, &run_, &RunController::setParameter);
  connect(figurePanel_, &FigurePanel::gridChanged, this, &MainWindow::showGrid);
  connect(figurePage_, &FigurePage::cellActivated, this, &MainWindow::openCell);
  connect(figurePage_, &FigurePage::reportAsked, this, &MainWindow::saveReport);
  connect(resume_, &QPushButton::clicked, this, [this] { resumeStoredRun(shownRun_); });
  connect(useParameters_, &QPushButton::clicked, this, [this] {
    if (shown_) loadConfig(*shown_, tr("parameters of a stored run"));
  });
}

void MainWindow::connectRun() {
  connect(&run_, &RunController::stateChanged, this, &MainWindow::updateActions);
  connectObserved(run_);
  connect(&run_, &RunController::finished, this,
          [this](const RunResult& result, const std::filesystem::path& directory) {
            handOverRun(result, directory);
            finishHandOver();
          });
  connect(&run_, &RunController::wentOn, this, &MainWindow::wentOn);
  connect(&run_, &RunController::updatesArrived, live_, &LivePage::appendUpdates);
  connect(&run_, &RunController::snapshotArrived, live_, &LivePage::setSnapshot);
  connect(&deviceWatch_, &DeviceWatch::said, bar_, &ControlBar::setLoad);
}

void MainWindow::runStarted(const RunStart& start) {
  progress_.start(start);
  live_->startRun(start);
  setShownRun({}, false);
  bar_->setProgress(0, progress_.text());
  log_->note(
      tr("Started: %1. Engine %2: %3").arg(runTitle(start.config), toQt(start.engine), toQt(start.engineWhy)));
  const auto* engine = laboratory_.engines.find(start.engine);
  if (engine != nullptr) setEngine(*engine, start.engineWhy);
}

void MainWindow::metricsArrived(const std::vector<Metrics>& rows) {
  progress_.add(rows);
  live_->appendMetrics(rows);
  bar_->setProgress(progress_.fraction(), progress_.text());
}

void MainWindow::eventsArrived(const std::vector<RunEvent>& events) {
  live_->appendEvents(events);
  log_->append(events);
}

bool MainWindow::figureChosen() const { return !bar_->experiment().isEmpty(); }

void MainWindow::chooseFigure(const QString& name) {
  if (!busy()) bar_->setExperiment(name);
}

void MainWindow::showExperiment(const QString& figure) {
  if (const auto* preset = findFigure(figure.toStdString())) figurePanel_->setFigure(*preset);
  left_->setCurrentIndex(figureChosen() ? 0 : 1);
  pages_->setCurrentIndex(figureChosen() ? Figure : Live);
  bar_->setProgress(0, tr("Ready"));
  configurationChanged();
}

void MainWindow::configurationChanged() {
  sweeps_->setBase(form_->config());
  showEngine();
  predict();
  updateActions();
  saveSessionSoon();
}

void MainWindow::predict() {
  if (!form_->problems().empty()) return form_->setNote("update_interval", {});
  const auto work = [config = form_->config()]() -> std::optional<PredictedRs> {
    const auto images = dataInfoFor(config);
    if (!images) return {};
    const auto network = makeNetwork(config, images.value().shape, images.value().classes);
    if (!network || config.method == "dense") return {};
    const double seen =
        static_cast<double>(images.value().trainSamples) * static_cast<double>(config.totalEpochs());
    const auto anUpdate = static_cast<double>(config.batch_size) * static_cast<double>(config.update_interval);
    if (seen / anUpdate > kMostPredictedUpdates) return {};
    return predictRs(config, network.value(), images.value().trainSamples);
  };
  background_.run("predict", work, [this](const std::optional<PredictedRs>& predicted) {
    if (!predicted) return form_->setNote("update_interval", {});
    const auto text = predicted->isBound ? tr("Rₛ at the end: at most %1 (bound)")
                                         : tr("Rₛ at the end: %1 expected (closed form)");
    form_->setNote("update_interval", text.arg(QString::number(predicted->rs, 'f', 3)));
  });
}

void MainWindow::showEngine() {
  if (run_.busy() || apart_.busy()) return;
  const auto& grid = figurePanel_->grid();
  const bool ofFigure = figureChosen() && grid && !grid->cells.empty();
  const auto& config = ofFigure ? grid->cells.front().config : form_->config();
  const auto images = dataInfoFor(config);
  if (!images) return;
  const auto network = makeNetwork(config, images.value().shape, images.value().classes);
  if (!network) return bar_->setEngine({}, {});
  const auto choice = laboratory_.engines.choose(network.value(), config);
  if (!choice) return bar_->setEngine(tr("no engine"), QString::fromStdString(describe(choice.problems())));
  setEngine(*choice.value().engine, choice.value().why);
}

void MainWindow::setEngine(const EngineInfo& engine, const std::string& why) {
  bar_->setEngine(engineText(engine), QString::fromStdString(why));
  deviceWatch_.setReading(engine.load);
}

void MainWindow::start(RunController::Begin begin) {
  if (!whyNoStart().isEmpty()) return;
  saveSession();
  banner_->hide();
  if (figureChosen()) return startFigure();
  live_->clear();
  log_->clear();
  shown_ = form_->config();
  setReferences(*shown_);
  setShownRun({}, false);
  setRunTitle(runTitle(*shown_), false);
  pages_->setCurrentIndex(Live);
  if (actions_.ownProcess->isChecked() && begin == RunController::Begin::Running) return startApart(*shown_);
  bar_->setProgress(0, tr("Loading the data"));
  form_->setRunning(true);
  run_.start(*shown_, begin);
}

void MainWindow::togglePause() {
  if (run_.state() == RunController::State::Paused)
    run_.resume();
  else if (run_.state() == RunController::State::Running)
    run_.pause();
}

void MainWindow::stepOneUpdate() {
  if (run_.busy())
    run_.stepOneUpdate();
  else if (!figureChosen())
    start(RunController::Begin::StepOneUpdate);
}

void MainWindow::stop() {
  apart_.stop();
  stopHere();
}

void MainWindow::stopHere() {
  if (run_.busy()) run_.stop();
  if (sweep_.busy()) sweep_.stop();
  if (sweeps_->busy()) sweeps_->stop();
  updateActions();
}

void MainWindow::runFinished(const RunResult& result, const std::filesystem::path& directory,
                             const std::string& warning) {
  live_->endRun(result);
  form_->setRunning(false);
  if (result.status == RunStatus::Failed) problem(QString::fromStdString(result.reason));
  if (!warning.empty())
    problem(tr("The run went on, but could not be recorded: %1").arg(QString::fromStdString(warning)));
  if (result.status == RunStatus::Done) {
    const auto accuracy = result.testAccuracy ? percentage(*result.testAccuracy, 2) : tr("unknown");
    log_->note(tr("Done: test accuracy %1, Rₛ %2, recorded as %3")
                   .arg(accuracy, QString::number(result.rs, 'f', 3),
                        QString::fromStdString(directory.filename().string())));
    bar_->setProgress(1, tr("Done · %1 steps in %2").arg(grouped(result.steps), durationText(result.seconds)));
  } else {
    bar_->setProgress(progress_.fraction(), result.status == RunStatus::Stopped ? tr("Stopped") : tr("Failed"));
  }
  const auto stored = directory.empty() ? std::nullopt : std::optional(readRun(directory));
  setShownRun(directory, stored && *stored && whyNoResume(stored->value()).empty());
  setRunTitle(runTitle_->text(), true);
  configurationChanged();
  listRuns();
  tellRunEnd(result);
}

void MainWindow::sweepFinished(const std::vector<CellResult>& results, const std::string& error) {
  figurePanel_->setRunning(false);
  if (!error.empty()) problem(QString::fromStdString(error));
  int64_t failed = 0, stopped = 0;
  std::string reason;
  for (const auto& cell : results) {
    stopped += cell.state == CellState::Stopped || cell.state == CellState::Waiting;
    if (cell.state != CellState::Failed) continue;
    ++failed;
    reason = cell.result.reason;
  }
  if (failed > 0)
    problem(
        tr("%1 of %2 runs failed: %3. Start tries them again.")
            .arg(grouped(failed), grouped(static_cast<int64_t>(results.size())), QString::fromStdString(reason)));
  const bool whole = failed == 0 && stopped == 0 && error.empty();
  log_->note(whole ? tr("The figure is complete.")
                   : tr("Stopped. Finished runs are kept; Start goes on from here."));
  if (whole) bar_->setProgress(1, tr("Complete · %1 runs").arg(grouped(static_cast<int64_t>(results.size()))));
  if (stopped == 0) tellRunsEnd(whole ? tr("The figure is complete") : tr("The figure has failed runs"));
  updateActions();
  listRuns();
  finishHandOver();
}

void MainWindow::problem(const QString& sentence) {
  banner_->tell(sentence, {{tr("Event log"), [this] {
                              logDock_->show();
                              log_->scrollToBottom();
                            }}});
  log_->problem(sentence);
}

}  // namespace lab::ui
