#pragma once
// The window: parameters or the chosen figure on the left, controls on top, pages in the middle, events below.

#include "background.h"
#include "desktop/desktop_news.h"
#include "device_watch.h"
#include "figures/figure_panel.h"
#include "handover/apart_run.h"
#include "run_controller.h"
#include "run_progress.h"
#include "palette/palette_entry.h"
#include "runs/opened_run.h"
#include "settings_history.h"
#include "store/run_index.h"
#include "sweep_controller.h"
#include "theme.h"

#include <QMainWindow>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

class QAction;
class QLabel;
class QPushButton;
class QScrollArea;
class QMenuBar;
class QStackedWidget;
class QTabWidget;

namespace lab::ui {

class Banner;
class ComparePage;
class ControlBar;
class Dock;
class EventLog;
class FigurePage;
class LivePage;
class ParameterForm;
class ReproducibilityPanel;
class RunsPage;
class SweepPage;

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  enum Page { Live, Figure, Runs, Compare, Sweeps };

  /// `laboratory` outlives the window.
  explicit MainWindow(const Laboratory& laboratory, QWidget* parent = nullptr);
  ~MainWindow() override;

  void chooseFigure(const QString& name);  ///< empty: a single run
  void openStoredRun(const std::filesystem::path& directory) { openOnLivePage(directory, Open::InFront); }
  /// Goes on with a run that was stopped, cut off or failed, on the Live page.
  void resumeStoredRun(const std::filesystem::path& directory);
  /// A run directory is opened, a TOML file goes into the form. What cannot be taken is said.
  void openPath(const std::filesystem::path& path);

  void welcome();  ///< the tour, unless somebody has seen it

  void start(RunController::Begin begin = RunController::Begin::Running);
  void togglePause();
  void stepOneUpdate();
  void stop();
  void stopHere();  ///< all but a run in a process of its own

  RunController& run() { return run_; }
  SweepController& sweep() { return sweep_; }
  ApartRun& apartRun() { return apart_; }
  ParameterForm& form() { return *form_; }
  SettingsHistory& history() { return history_; }

 Q_SIGNALS:
  void storedRunShown(const QString& id);
  void runsListed(int count);
  void runsExported();

 protected:
  void showEvent(QShowEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  struct Actions {
    QAction *start, *pause, *stop, *step, *ownProcess, *undo, *redo, *exportPlots, *report, *fullScreen, *palette, *notify;
  };

  // main_window_actions.cpp
  void makeActions();
  void makeMenus();
  void makeThemeMenu(QMenu& view);
  void updateActions();
  QString whyNoStart() const;
  void exportPage();
  void saveReport();
  void showAbout();

  // main_window.cpp
  void build();
  void connectRun();
  /// What a run says, in this process or another.
  template <class Run>
  void connectObserved(Run& run);
  void runStarted(const RunStart& start);
  void metricsArrived(const std::vector<Metrics>& rows);
  void eventsArrived(const std::vector<RunEvent>& events);
  void connectSweep();
  void connectSweeps();
  void showSweepProgress(const SweepProgress& progress);
  void showExperiment(const QString& figure);
  void configurationChanged();
  void predict();
  void showEngine();
  void setEngine(const EngineInfo& engine, const std::string& why);
  void startFigure();
  void runFinished(const RunResult& result, const std::filesystem::path& directory, const std::string& warning);
  void sweepFinished(const std::vector<CellResult>& results, const std::string& error);
  void problem(const QString& sentence);
  bool busyHere() const;  ///< what ends with the window, or is handed over
  bool busy() const { return busyHere() || apart_.busy(); }
  bool figureChosen() const;

  // main_window_runs.cpp
  /// The stored runs, and those of them that are cells of the figure's grid (the dense reference last).
  struct Listing;
  void listRuns();
  void runsFound(Listing listing);
  std::vector<Cell> figureCells() const;
  void showGrid();
  void fillFigure(const std::vector<CellResult>& found);
  enum class Open { InFront, Behind };  ///< whether the Live page comes to the front
  void openOnLivePage(const std::filesystem::path& directory, Open how);
  void showOpened(OpenedRun opened, Open how);
  void connectRuns();
  void watchRuns();  ///< looks for changes while the Runs or the Compare page is there
  void compareSelected();
  void exportRuns(const std::vector<StoredRun>& runs, const std::filesystem::path& folder);
  void openCell(size_t cell);
  void setReferences(const Config& config);
  void setRunTitle(const QString& text, bool stored);

  // main_window_reproducible.cpp
  void connectReproducibility();
  void showReproducibility();
  void loadConfig(const Config& config, const QString& undoText);

  // main_window_docks.cpp
  void makeDocks();
  void placeDocks();
  void sizeDocks();
  void makePanelsMenu(QMenu& view);
  void resetLayout();
  QByteArray saveLayout() const;
  void restoreLayout(const QByteArray& layout);

  // main_window_apart.cpp
  void connectApart();
  void startApart(const Config& config);

  // main_window_resume.cpp
  void wentOn(const EarlierRun& earlier);
  void offerCutOff();  ///< of the runs listed first: those whose program ended without their end
  /// What the Live page shows, and whether it can go on.
  void setShownRun(const std::filesystem::path& directory, bool canGoOn);

  // main_window_history.cpp
  void connectHistory();
  void experimentChosen(const QString& figure);
  void undo();
  void redo();
  void updateHistoryActions();
  void changeTheme(ThemeChoice choice);

  // main_window_help.cpp
  void makeHelpMenu();
  void helpHere();
  void startTour();
  void connectNews();
  void comeForward();  ///< from behind other windows, or from the task bar
  void tellRunEnd(const RunResult& result);
  void tellRunsEnd(const QString& title);

  // main_window_palette.cpp
  void openPalette();
  std::vector<PaletteEntry> paletteEntries();
  void focusParameter(const std::string& key);

  // main_window_session.cpp
  void saveSession() const;
  void saveSessionSoon();
  void restoreSession();
  void restoreOpenRun(const std::filesystem::path& directory);
  void chooseTheme(ThemeChoice choice);

  // main_window_closing.cpp
  enum class Closing { No, Stop, HandOver };
  Closing askHowToClose();
  void beginHandOver();
  void handOverRun(const RunResult& result, const std::filesystem::path& directory);
  Problems startElsewhere(const std::vector<Arguments>& commands) const;
  void finishHandOver();  ///< closes the window once nothing is under way in it

  const Laboratory& laboratory_;
  RunController run_;
  SweepController sweep_;
  SettingsHistory history_;
  RunProgress progress_;
  DesktopNews news_;
  Background background_;
  DeviceWatch deviceWatch_{background_};
  ApartRun apart_{laboratory_, background_};
  QTimer listSoon_;
  QTimer watch_;
  QTimer saveSoon_;                  ///< so that a crash loses nothing of the session
  std::shared_ptr<RunIndex> index_;  ///< used on the background thread only

  Actions actions_{};
  ControlBar* bar_ = nullptr;
  Banner* banner_ = nullptr;
  QStackedWidget* left_ = nullptr;
  ParameterForm* form_ = nullptr;
  FigurePanel* figurePanel_ = nullptr;
  QTabWidget* pages_ = nullptr;
  LivePage* live_ = nullptr;
  FigurePage* figurePage_ = nullptr;
  RunsPage* runs_ = nullptr;
  ComparePage* compare_ = nullptr;
  SweepPage* sweeps_ = nullptr;
  ReproducibilityPanel* reproducibility_ = nullptr;
  QLabel* runTitle_ = nullptr;
  QPushButton* resume_ = nullptr;
  QPushButton* useParameters_ = nullptr;
  EventLog* log_ = nullptr;
  QMenuBar* menus_ = nullptr;
  Dock *parametersDock_ = nullptr, *logDock_ = nullptr, *reproducibilityDock_ = nullptr;
  bool sizesWanted_ = true;  ///< by the first time the window is shown

  QString experiment_;  ///< chosen last
  ThemeChoice themeChoice_ = ThemeChoice::System;
  std::vector<CellResult> cells_;   ///< of the figure's grid, as far as known; the dense reference last
  std::optional<Config> shown_;     ///< of the run on the Live page
  std::filesystem::path shownRun_;  ///< its directory, once known
  std::vector<std::filesystem::path> selectLater_;  ///< once runs are listed
  double manySeconds_ = 0;  ///< that the figure or sweep has taken
  bool tourSeen_ = false;
  bool cutOffOffered_ = false;
  QStringList dismissed_;                           ///< runs that were cut off and shall not be offered again
  std::optional<std::vector<Arguments>> handOver_;  ///< while the window waits to close: what goes on without it
};

template <class Run>
void MainWindow::connectObserved(Run& run) {
  connect(&run, &Run::started, this, &MainWindow::runStarted);
  connect(&run, &Run::metricsArrived, this, &MainWindow::metricsArrived);
  connect(&run, &Run::eventsArrived, this, &MainWindow::eventsArrived);
  connect(&run, &Run::finished, this, &MainWindow::runFinished);  // the first that hears of it
}

}  // namespace lab::ui
