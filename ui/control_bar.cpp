#include "control_bar.h"

#include "experiments/figures.h"
#include "parameters/value_field.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace lab::ui {

ControlBar::ControlBar(QWidget* parent)
    : QWidget(parent),
      layout_(new QHBoxLayout(this)),
      buttons_(new QHBoxLayout),
      chooser_(new QComboBox(this)),
      bar_(new QProgressBar(this)),
      progressText_(new QLabel(this)),
      engine_(new QLabel(this)),
      load_(new QLabel(this)) {
  setObjectName(QStringLiteral("controlBar"));
  setAttribute(Qt::WA_StyledBackground);
  chooser_->setObjectName(QStringLiteral("experiment"));
  chooser_->setAccessibleName(tr("Experiment"));
  chooser_->setToolTip(tr("What Start does: a figure of the paper, or one run with the parameters on the left."));
  chooser_->setMinimumWidth(288);
  for (const auto& figure : figures()) chooser_->addItem(toQt(figure.title), toQt(figure.name));
  chooser_->addItem(tr("Single run"), QString());
  connect(chooser_, &QComboBox::currentIndexChanged, this, [this] { Q_EMIT experimentChosen(experiment()); });

  bar_->setObjectName(QStringLiteral("progress"));
  bar_->setRange(0, 1000);
  bar_->setTextVisible(false);
  bar_->setFixedHeight(6);
  bar_->setAccessibleName(tr("Progress"));
  progressText_->setObjectName(QStringLiteral("progressText"));
  engine_->setObjectName(QStringLiteral("engine"));
  engine_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  load_->setObjectName(QStringLiteral("engineLoad"));
  load_->setToolTip(tr("Memory in use on the device, by all programs, and the share of time in which it computes"));
  load_->hide();

  auto* progress = new QVBoxLayout;
  progress->setSpacing(5);
  progress->addStretch();
  auto* texts = new QHBoxLayout;
  texts->addWidget(progressText_, 1);
  texts->addWidget(engine_);
  texts->addWidget(load_);
  progress->addLayout(texts);
  progress->addWidget(bar_);
  progress->addStretch();

  buttons_->setSpacing(6);
  layout_->setContentsMargins(16, 10, 16, 10);
  layout_->setSpacing(12);
  layout_->addWidget(chooser_);
  layout_->addLayout(buttons_);
  layout_->addSpacing(12);
  layout_->addLayout(progress, 1);
}

void ControlBar::addButton(QAction* action, bool primary) {
  auto* button = new QToolButton(this);
  button->setDefaultAction(action);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::TabFocus);
  button->setObjectName(action->objectName() + QStringLiteral("Button"));
  button->setProperty("role", primary ? QStringLiteral("primary") : QStringLiteral("control"));
  buttons_->addWidget(button);
}

QString ControlBar::experiment() const { return chooser_->currentData().toString(); }

void ControlBar::setExperiment(const QString& figure) {
  chooser_->setCurrentIndex(std::max(0, chooser_->findData(figure)));
}

void ControlBar::lockExperiment(bool locked) { chooser_->setEnabled(!locked); }

void ControlBar::setProgress(double fraction, const QString& text) {
  bar_->setValue(static_cast<int>(fraction * 1000));
  progressText_->setText(text);
  Q_EMIT progressed(fraction);
}

QString ControlBar::progressText() const { return progressText_->text(); }

void ControlBar::setEngine(const QString& text, const QString& toolTip) {
  engine_->setText(text);
  engine_->setToolTip(toolTip);
}

void ControlBar::setLoad(const QString& text) {
  load_->setText(text);
  load_->setVisible(!text.isEmpty());
}

}  // namespace lab::ui
