// The panels of the page as docks: where they stand at first, and what is remembered of where they have been put.

#include "docks/sealed_layout.h"
#include "live/exploration_panel.h"
#include "live/live_page.h"
#include "live/mask_panel.h"

#include <QMainWindow>

namespace lab::ui {

namespace {

constexpr int kLayoutVersion = 1;  ///< of the docks that there are

// Of the space that there is, as in a layout with stretches.
constexpr int kTop = 6, kBottom = 5, kLeft = 5, kRight = 6, kMasks = 5, kLayers = 4;
constexpr int kLayersBesideLargeMasks = 22;  ///< per cent

}  // namespace

void LivePage::makeDocks() {
  area_ = new QMainWindow;
  area_->setWindowFlags(Qt::Widget);
  area_->setObjectName(QStringLiteral("livePanels"));
  area_->setDockOptions(QMainWindow::AllowNestedDocks | QMainWindow::AllowTabbedDocks);
  area_->setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  const auto make = [this](const char* name, Panel* panel) {
    docks_.push_back(new Dock(QLatin1String(name), panel, Dock::Look::Card, area_));
    return docks_.back();
  };
  rsDock_ = make("rsDock", rsPanel_);
  timeDock_ = make("timeDock", timePanel_);
  maskDock_ = make("maskDock", masks_);
  layerDock_ = make("layerDock", layerPanel_);
  explorationDock_ = make("explorationDock", exploration_);
  connect(maskDock_, &QDockWidget::topLevelChanged, masks_, &MaskPanel::setFloating);
  placeDocks();
}

void LivePage::placeDocks() {
  for (Dock* dock : docks_) {
    if (dock->isFloating()) dock->setFloating(false);
    area_->removeDockWidget(dock);
  }
  area_->addDockWidget(Qt::LeftDockWidgetArea, rsDock_);
  area_->addDockWidget(Qt::LeftDockWidgetArea, maskDock_);
  area_->splitDockWidget(rsDock_, timeDock_, Qt::Horizontal);
  area_->splitDockWidget(maskDock_, explorationDock_, Qt::Horizontal);
  area_->splitDockWidget(maskDock_, layerDock_, Qt::Vertical);
  for (Dock* dock : docks_) dock->show();
}

void LivePage::sizeDocks() {
  const auto share = [](int whole, int part, int other) { return whole * part / (part + other); };
  const int left = share(area_->width(), kLeft, kRight), top = share(area_->height(), kTop, kBottom);
  const int masks = share(area_->height() - top, kMasks, kLayers);
  area_->resizeDocks({rsDock_, timeDock_}, {left, area_->width() - left}, Qt::Horizontal);
  area_->resizeDocks({maskDock_, explorationDock_}, {left, area_->width() - left}, Qt::Horizontal);
  area_->resizeDocks({rsDock_, maskDock_}, {top, masks}, Qt::Vertical);
  area_->resizeDocks({maskDock_, layerDock_}, {masks, area_->height() - top - masks}, Qt::Vertical);
}

void LivePage::resetLayout() {
  masks_->setEnlarged(false);
  placeDocks();
  sizesWanted_ = !isVisible();
  if (!sizesWanted_) sizeDocks();
}

/// Until then there is no size to give shares of.
void LivePage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (!sizesWanted_) return;
  sizesWanted_ = false;
  layout()->activate();
  sizeDocks();
}

void LivePage::enlargeMasks(bool on) {
  if (on) {
    usualLayout_ = area_->saveState();
    for (Dock* dock : {rsDock_, timeDock_})
      if (!dock->isFloating()) dock->hide();
    const int layers = area_->height() * kLayersBesideLargeMasks / 100;
    area_->resizeDocks({maskDock_, layerDock_}, {area_->height() - layers, layers}, Qt::Vertical);
  } else if (!usualLayout_.isEmpty()) {
    area_->restoreState(usualLayout_);
    usualLayout_.clear();
  }
}

QByteArray LivePage::saveLayout() const {
  return sealed(usualLayout_.isEmpty() ? area_->saveState() : usualLayout_, kLayoutVersion);
}

void LivePage::restoreLayout(const QByteArray& layout) {
  const auto state = unsealed(layout, kLayoutVersion);
  if (!state) return;
  masks_->setEnlarged(false);
  if (area_->restoreState(*state)) sizesWanted_ = false;
}

}  // namespace lab::ui
