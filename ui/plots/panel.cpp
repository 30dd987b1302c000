#include "plots/panel.h"

#include "export/plot_export.h"
#include "plots/plot.h"
#include "theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QStackedLayout>
#include <QToolButton>

namespace lab::ui {

namespace {

/// An arrow leaving a tray.
QIcon exportIcon(const QColor& colour) {
  QPixmap pixmap(48, 48);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(colour, 3.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawPolyline(QPolygonF({{9, 28}, {9, 39}, {39, 39}, {39, 28}}));
  painter.drawLine(QPointF(24, 29), QPointF(24, 9));
  painter.drawPolyline(QPolygonF({{16, 16}, {24, 8}, {32, 16}}));
  return QIcon(pixmap);
}

void setColour(QWidget* widget, const QColor& colour) {
  QPalette palette = widget->palette();
  palette.setColor(QPalette::WindowText, colour);
  widget->setPalette(palette);
}

}  // namespace

Panel::Panel(const QString& title, QWidget* content, QWidget* parent)
    : QFrame(parent), header_(new QWidget), title_(new QLabel(title)), note_(new QLabel), emptyText_(new QLabel) {
  setAccessibleName(title);
  title_->setFont(scaledFont(1, true));
  note_->setFont(scaledFont(.92));
  note_->setMinimumWidth(0);
  note_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  emptyText_->setAlignment(Qt::AlignCenter);
  emptyText_->setWordWrap(true);
  emptyText_->setContentsMargins(24, 0, 24, 16);
  line_ = new QHBoxLayout(header_);
  line_->setContentsMargins(10, 6, 6, 2);
  line_->setSpacing(8);
  line_->addWidget(title_);
  line_->addWidget(note_, 1);
  body_ = new QStackedLayout;
  body_->addWidget(content);
  body_->addWidget(emptyText_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(1, 1, 1, 4);
  layout->setSpacing(0);
  layout->addWidget(header_);
  layout->addLayout(body_, 1);
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &Panel::restyle);
  restyle();
}

void Panel::setTitle(const QString& title) {
  title_->setText(title);
  setAccessibleName(title);
}

QString Panel::title() const { return title_->text(); }

QWidget* Panel::content() const { return body_->widget(0); }

void Panel::setNote(const QString& text) {
  note_->setText(text);
  note_->setToolTip(text);
}

void Panel::setEmptyText(const QString& text) { emptyText_->setText(text); }

void Panel::setEmpty(bool empty) { body_->setCurrentIndex(empty ? 1 : 0); }

bool Panel::isEmpty() const { return body_->currentIndex() == 1; }

void Panel::addControl(QWidget* control) { line_->addWidget(control); }

void Panel::addExportButton(std::function<Exportable*()> what) {
  auto* button = export_ = new QToolButton;
  button->setAutoRaise(true);
  button->setPopupMode(QToolButton::InstantPopup);
  button->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
  button->setToolTip(tr("Export or copy"));
  button->setAccessibleName(tr("Export %1").arg(title_->text()));
  auto* menu = new QMenu(button);
  connect(menu, &QMenu::aboutToShow, this, [this, menu, what = std::move(what)] {
    menu->clear();
    addExportActions(*menu, *what(), this);
  });
  button->setMenu(menu);
  addControl(button);
  restyle();
}

void Panel::restyle() {
  setColour(title_, theme().text);
  setColour(note_, theme().mutedText);
  setColour(emptyText_, theme().mutedText);
  if (export_) export_->setIcon(exportIcon(theme().mutedText));
  update();
}

QWidget* Panel::takeHeader() {
  layout()->removeWidget(header_);
  framed_ = false;
  return header_;
}

void Panel::paintEvent(QPaintEvent*) {
  if (framed_) paintFrame(*this);
}

void paintFrame(QWidget& of) {
  QPainter painter(&of);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(theme().border);
  painter.setBrush(theme().panel);
  painter.drawRoundedRect(QRectF(of.rect()).adjusted(.5, .5, -.5, -.5), 6, 6);
}

}  // namespace lab::ui
