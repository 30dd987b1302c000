// What stands around the pages: parameters, event log, reproducibility. With the Live page's panels they can be
// moved, floated and hidden, from one menu.

#include "docks/dock.h"
#include "docks/sealed_layout.h"
#include "event_log.h"
#include "live/live_page.h"
#include "main_window.h"
#include "plots/panel.h"
#include "reproducibility_panel.h"

#include <QAction>
#include <QDataStream>
#include <QMenu>
#include <QShowEvent>
#include <QStackedWidget>
#include <QTabWidget>

#include <utility>

namespace lab::ui {
namespace {

constexpr int kLayoutVersion = 1;  ///< of the docks that there are
constexpr int kLeftWidth = 372, kLogHeight = 96;

QAction* shortcut(Dock* dock, const char* name, const QKeySequence& keys) {
  auto* action = dock->toggleViewAction();
  action->setObjectName(QLatin1String(name));
  action->setShortcut(keys);
  return action;
}

}  // namespace

void MainWindow::makeDocks() {
  setDockOptions(AllowNestedDocks | AllowTabbedDocks);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  // Left and right take the whole height.
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  const auto make = [this](const char* name, Panel* panel) {
    return new Dock(QLatin1String(name), panel, Dock::Look::Edge, this);
  };
  parametersDock_ = make("parametersDock", new Panel(tr("Parameters"), left_));
  logDock_ = make("logDock", new Panel(tr("Event log"), log_));
  reproducibilityDock_ = make("reproducibilityDock", reproducibility_);
  shortcut(parametersDock_, "parameters", Qt::CTRL | Qt::Key_B);
  shortcut(logDock_, "log", Qt::CTRL | Qt::Key_L);
  shortcut(reproducibilityDock_, "reproducibilityAction", Qt::CTRL | Qt::Key_R);
  placeDocks();
}

void MainWindow::placeDocks() {
  for (Dock* dock : {parametersDock_, logDock_, reproducibilityDock_})
    if (dock->isFloating()) dock->setFloating(false);
  addDockWidget(Qt::LeftDockWidgetArea, parametersDock_);
  addDockWidget(Qt::BottomDockWidgetArea, logDock_);
  addDockWidget(Qt::RightDockWidgetArea, reproducibilityDock_);
  parametersDock_->show();
  logDock_->show();
  reproducibilityDock_->hide();
}

void MainWindow::sizeDocks() {
  resizeDocks({parametersDock_}, {kLeftWidth}, Qt::Horizontal);
  resizeDocks({logDock_}, {kLogHeight}, Qt::Vertical);
}

void MainWindow::makePanelsMenu(QMenu& view) {
  auto* panels = view.addMenu(tr("Panels"));
  panels->setObjectName(QStringLiteral("panels"));
  for (Dock* dock : {parametersDock_, logDock_, reproducibilityDock_}) panels->addAction(dock->toggleViewAction());
  panels->addSeparator();
  for (Dock* dock : live_->docks()) {
    panels->addAction(dock->toggleViewAction());
    connect(dock->toggleViewAction(), &QAction::triggered, this, [this] { pages_->setCurrentIndex(Live); });
  }
  panels->addSeparator();
  panels->addAction(tr("Reset layout"), this, &MainWindow::resetLayout)
      ->setObjectName(QStringLiteral("resetLayout"));
}

void MainWindow::resetLayout() {
  placeDocks();
  sizeDocks();
  live_->resetLayout();
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (std::exchange(sizesWanted_, false)) sizeDocks();
}

QByteArray MainWindow::saveLayout() const {
  QByteArray bytes;
  QDataStream stream(&bytes, QIODevice::WriteOnly);
  stream << saveGeometry() << saveState();
  return sealed(bytes, kLayoutVersion);
}

void MainWindow::restoreLayout(const QByteArray& layout) {
  const auto bytes = unsealed(layout, kLayoutVersion);
  if (!bytes) return;
  QByteArray geometry, state;
  QDataStream stream(*bytes);
  stream >> geometry >> state;
  restoreGeometry(geometry);
  if (restoreState(state)) sizesWanted_ = false;
}

}  // namespace lab::ui
