#include "live/mask_panel.h"

#include "plots/density_key.h"
#include "plots/plot.h"
#include "theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include <cmath>

namespace lab::ui {

namespace {

QString shapeText(const std::vector<int64_t>& shape) {
  QStringList sizes;
  for (const int64_t n : shape) sizes << QString::number(n);
  return sizes.join(QStringLiteral("×"));
}

QLabel* caption() {
  auto* label = new QLabel;
  label->setFont(scaledFont(.88));
  label->setForegroundRole(QPalette::PlaceholderText);
  label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  return label;
}

/// Grown since `before`: active now and not then.
lab::Mask grownSince(const lab::Mask& before, lab::Mask now) {
  if (before.size() != now.size()) return lab::Mask(now.size());
  for (size_t w = 0; w < now.words().size(); ++w) now.words()[w] &= ~before.words()[w];
  return now;
}

}  // namespace

MaskPanel::MaskPanel(QWidget* parent) : Panel(tr("Masks"), new QStackedWidget, parent) {
  stack_ = findChild<QStackedWidget*>();
  overview_ = new QWidget;
  grid_ = new QGridLayout(overview_);
  grid_->setContentsMargins(10, 4, 10, 6);
  grid_->setSpacing(10);
  stack_->addWidget(overview_);
  stack_->addWidget(makeLargePage());
  back_ = new QToolButton;
  back_->setText(tr("‹ All layers"));
  back_->setAutoRaise(true);
  modes_ = new QComboBox;
  modes_->addItems({tr("Active now"), tr("Ever explored"), tr("New since last look")});
  modes_->setAccessibleName(tr("What the masks show"));
  addControl(back_);
  addControl(new DensityKey);
  addControl(modes_);
  connect(back_, &QToolButton::clicked, this, [this] {
    showLayer(-1);
    Q_EMIT layerChosen(-1);
  });
  connect(modes_, &QComboBox::currentIndexChanged, this, &MaskPanel::refresh);
  setEmptyText(
      tr("The connections of every layer, as they are rewired.\nThe shade of a place tells how densely it is "
         "connected."));
  clear();
}

QWidget* MaskPanel::makeLargePage() {
  auto* page = new QWidget;
  largeView_ = new MaskView(true);
  largeCaption_ = caption();
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(10, 4, 10, 6);
  layout->setSpacing(4);
  layout->addWidget(largeView_, 1);
  layout->addWidget(largeCaption_);
  return page;
}

void MaskPanel::clear() {
  layers_.clear();
  snapshot_ = previous_ = nullptr;
  for (QWidget* view : thumbnails_) delete view;
  for (QLabel* label : captions_) delete label;
  thumbnails_.clear();
  captions_.clear();
  largeView_->setSource(nullptr);
  showLayer(-1);
  setEmpty(true);
}

void MaskPanel::startRun(const std::vector<lab::LayerInfo>& layers, std::vector<lab::Mask> initialMasks) {
  clear();
  layers_ = layers;
  const int columns = std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(layers.size())))));
  for (size_t l = 0; l < layers.size(); ++l) {
    auto* view = new MaskView(false);
    auto* cell = new QVBoxLayout;
    cell->setSpacing(3);
    thumbnails_.push_back(view);
    captions_.push_back(caption());
    cell->addWidget(view, 1);
    cell->addWidget(captions_.back());
    const int count = static_cast<int>(l);
    // Up to four layers fit side by side.
    layers.size() <= 4 ? grid_->addLayout(cell, 0, count)
                       : grid_->addLayout(cell, count / columns, count % columns);
    connect(view, &MaskView::clicked, this, [this, count] {
      showLayer(count);
      Q_EMIT layerChosen(count);
    });
  }
  if (initialMasks.size() != layers.size()) return;
  auto first = std::make_shared<lab::MaskSnapshot>();
  first->active = initialMasks;
  first->explored = std::move(initialMasks);
  setSnapshot(std::move(first));
}

void MaskPanel::setSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot) {
  if (!snapshot || snapshot->active.size() != layers_.size()) return;
  previous_ = std::exchange(snapshot_, std::move(snapshot));
  setEmpty(false);
  refresh();
}

void MaskPanel::setMode(MaskMode mode) { modes_->setCurrentIndex(static_cast<int>(mode)); }

void MaskPanel::showLayer(int layer) {
  large_ = layer >= 0 && layer < static_cast<int>(layers_.size()) ? layer : -1;
  stack_->setCurrentIndex(large_ < 0 ? 0 : 1);
  back_->setVisible(large_ >= 0);
  largeView_->resetView();
  refresh();
}

std::shared_ptr<const MaskSource> MaskPanel::sourceOf(size_t layer) const {
  auto source = std::make_shared<MaskSource>();
  source->snapshot = snapshot_;
  source->layer = layer;
  source->name = layers_[layer].name;
  source->shape = layers_[layer].shape;
  source->mode = static_cast<MaskMode>(modes_->currentIndex());
  const lab::Mask& active = snapshot_->active[layer];
  if (source->mode == MaskMode::Active)
    source->shown = active;
  else if (source->mode == MaskMode::Explored)
    source->shown = layer < snapshot_->explored.size() ? snapshot_->explored[layer] : active;
  else
    source->shown = previous_ ? grownSince(previous_->active[layer], active) : lab::Mask(active.size());
  return source;
}

QString MaskPanel::captionOf(const MaskSource& source) const {
  return tr("%1   %2   %3 %")
      .arg(QString::fromStdString(source.name), shapeText(source.shape), percentText(source.density()));
}

void MaskPanel::refresh() {
  if (!snapshot_) return;
  setNote(tr("step %1").arg(countText(static_cast<double>(snapshot_->step))));
  if (large_ >= 0) {
    const auto source = sourceOf(static_cast<size_t>(large_));
    largeCaption_->setText(captionOf(*source) + tr("      rows: outputs, columns: inputs; zoom with the wheel"));
    largeView_->setSource(source);
    return;
  }
  for (size_t l = 0; l < layers_.size(); ++l) {
    const auto source = sourceOf(l);
    captions_[l]->setText(captionOf(*source));
    captions_[l]->setToolTip(captions_[l]->text());
    thumbnails_[l]->setSource(source);
  }
}

}  // namespace lab::ui
