#include "docks/dock.h"

#include "plots/panel.h"
#include "plots/sign_icon.h"
#include "theme.h"

#include <QAction>
#include <QLayout>
#include <QMainWindow>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

namespace lab::ui {

Dock::Dock(const QString& name, Panel* panel, Look look, QMainWindow* window)
    : QDockWidget(panel->title(), window), look_(look) {
  setObjectName(name);
  addMenu(panel);
  setTitleBarWidget(panel->takeHeader());
  if (look == Look::Edge) titleBarWidget()->layout()->setContentsMargins(16, 6, 8, 2);
  setWidget(panel);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, qOverload<>(&QWidget::update));
}

void Dock::addMenu(Panel* panel) {
  auto* button = new QToolButton;
  button->setObjectName(QStringLiteral("panelMenu"));
  button->setAutoRaise(true);
  button->setPopupMode(QToolButton::InstantPopup);
  button->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
  button->setToolTip(tr("Float or hide this panel; its title can be dragged"));
  button->setAccessibleName(tr("Panel menu of %1").arg(panel->title()));
  const auto draw = [button] { button->setIcon(signIcon(Sign::More, theme().mutedText, theme().border)); };
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, button, draw);
  draw();
  auto* menu = new QMenu(button);
  auto* floats = menu->addAction(tr("Float"), this, [this] { setFloating(!isFloating()); });
  menu->addAction(tr("Hide"), toggleViewAction(), &QAction::trigger)
      ->setToolTip(tr("View > Panels brings it back"));
  menu->setToolTipsVisible(true);
  connect(this, &QDockWidget::topLevelChanged, floats,
          [floats](bool floating) { floats->setText(floating ? tr("Put back into the window") : tr("Float")); });
  button->setMenu(menu);
  panel->addControl(button);
}

void Dock::paintEvent(QPaintEvent*) {
  if (look_ == Look::Card && !isFloating())
    paintFrame(*this);
  else
    paintEdge();
}

/// Only the side towards the middle of the window has a border.
void Dock::paintEdge() {
  QPainter painter(this);
  painter.fillRect(rect(), theme().panel);
  painter.setPen(theme().border);
  const QRect r = rect().adjusted(0, 0, -1, -1);
  if (isFloating()) return painter.drawRect(r);
  const auto* window = qobject_cast<QMainWindow*>(parentWidget());
  switch (window ? window->dockWidgetArea(this) : Qt::NoDockWidgetArea) {
    case Qt::LeftDockWidgetArea:
      return painter.drawLine(r.topRight(), r.bottomRight());
    case Qt::RightDockWidgetArea:
      return painter.drawLine(r.topLeft(), r.bottomLeft());
    case Qt::TopDockWidgetArea:
      return painter.drawLine(r.bottomLeft(), r.bottomRight());
    default:
      return painter.drawLine(r.topLeft(), r.topRight());
  }
}

}  // namespace lab::ui
