#include "live/mask_panel.h"

#include "plots/colour_key.h"
#include "plots/plot.h"
#include "plots/sign_icon.h"
#include "theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace lab::ui {

namespace {

constexpr int kMostFrames = 240;

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

double meanAge(const MaskSource& source) {
  double sum = 0;
  int64_t known = 0;
  for (size_t place = 0; source.age(place) >= 0; ++place, ++known) sum += static_cast<double>(source.age(place));
  return known == 0 ? 0 : sum / static_cast<double>(known);
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
  back_->setText(tr("‹ All"));
  back_->setToolTip(tr("Back to all layers (Esc)"));
  back_->setAccessibleName(tr("Back to all layers"));
  back_->setAutoRaise(true);
  modes_ = new QComboBox;
  modes_->addItems({tr("Active now"), tr("Grown − dropped"), tr("Ever explored"), tr("Age"), tr("Survived")});
  modes_->setItemData(1, tr("What was grown less what was dropped since the chosen moment"), Qt::ToolTipRole);
  modes_->setItemData(4, tr("Connected at the chosen moment and ever since"), Qt::ToolTipRole);
  modes_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  modes_->setMinimumContentsLength(12);
  modes_->setAccessibleName(tr("What the masks show"));
  key_ = new ColourKey;
  addControl(back_);
  addControl(key_);
  addControl(modes_);
  makeExport();
  enlarge_ = new QToolButton;
  enlarge_->setObjectName(QStringLiteral("enlargeMasks"));
  enlarge_->setAutoRaise(true);
  enlarge_->setCheckable(true);
  const auto drawSign = [this] { enlarge_->setIcon(signIcon(Sign::Enlarge, theme().mutedText, theme().border)); };
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, enlarge_, drawSign);
  drawSign();
  enlarge_->setToolTip(tr("Give the masks most of the page"));
  enlarge_->setAccessibleName(enlarge_->toolTip());
  addControl(enlarge_);
  connect(enlarge_, &QToolButton::toggled, this, &MaskPanel::enlargeWanted);
  connect(back_, &QToolButton::clicked, this, &MaskPanel::goBack);
  connect(modes_, &QComboBox::currentIndexChanged, this, &MaskPanel::refresh);
  modes_->parentWidget()->installEventFilter(this);  // the title line may be shown elsewhere
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

void MaskPanel::makeExport() {
  sheet_.now = [this] {
    MaskSources sources;
    for (size_t l = 0; snapshot_ && l < layers_.size(); ++l) sources.push_back(sourceOf(l, snapshot_));
    return sources;
  };
  sheet_.film = [this](int frame) {
    MaskSources sources;
    const auto snapshot = frameAt(frame);
    for (size_t l = 0; l < layers_.size(); ++l) sources.push_back(sourceOf(l, snapshot));
    return sources;
  };
  addExportButton([this] { return exportables().front(); });
}

void MaskPanel::clear() {
  layers_.clear();
  snapshot_ = reference_ = initial_ = nullptr;
  replay_ = nullptr;
  for (QWidget* view : thumbnails_) delete view;
  for (QLabel* label : captions_) delete label;
  thumbnails_.clear();
  captions_.clear();
  largeView_->setSource(nullptr);
  showLayer(-1);
  showKey();
  setEmpty(true);
}

void MaskPanel::startRun(const std::vector<lab::LayerInfo>& layers, std::vector<lab::Mask> initialMasks) {
  clear();
  layers_ = layers;
  const int columns = gridOf(layers.size()).width();
  for (size_t l = 0; l < layers.size(); ++l) {
    auto* view = new MaskView(false);
    auto* cell = new QVBoxLayout;
    cell->setSpacing(3);
    thumbnails_.push_back(view);
    captions_.push_back(caption());
    cell->addWidget(view, 1);
    cell->addWidget(captions_.back());
    const int count = static_cast<int>(l);
    grid_->addLayout(cell, count / columns, count % columns);
    connect(view, &MaskView::clicked, this, [this, count] {
      showLayer(count);
      largeView_->setFocus();
      Q_EMIT layerChosen(count);
    });
  }
  if (initialMasks.size() != layers.size()) return;
  auto first = std::make_shared<lab::MaskSnapshot>();
  first->active = initialMasks;
  first->explored = std::move(initialMasks);
  initial_ = first;
  setSnapshot(std::move(first));
}

void MaskPanel::setSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot) {
  if (!snapshot || snapshot->active.size() != layers_.size()) return;
  snapshot_ = std::move(snapshot);
  setEmpty(false);
  refresh();
}

void MaskPanel::setReplay(std::shared_ptr<lab::MaskReplay> replay) {
  replay_ = std::move(replay);
  refresh();
}

void MaskPanel::setReference(std::shared_ptr<const lab::MaskSnapshot> moment) {
  reference_ = std::move(moment);
  refresh();
}

void MaskPanel::setMode(MaskMode mode) { modes_->setCurrentIndex(static_cast<int>(mode)); }

MaskMode MaskPanel::mode() const { return static_cast<MaskMode>(modes_->currentIndex()); }

void MaskPanel::showLayer(int layer) {
  large_ = layer >= 0 && layer < static_cast<int>(layers_.size()) ? layer : -1;
  stack_->setCurrentIndex(large_ < 0 ? 0 : 1);
  back_->setVisible(large_ >= 0);
  largeView_->resetView();
  refresh();
}

void MaskPanel::setFloating(bool on) { enlarge_->setVisible(!on || enlarge_->isChecked()); }

void MaskPanel::goBack() {
  const int layer = large_;
  showLayer(-1);
  if (layer >= 0) thumbnails_[static_cast<size_t>(layer)]->setFocus();
  Q_EMIT layerChosen(-1);
}

void MaskPanel::keyPressEvent(QKeyEvent* event) {
  if (!handleKey(event)) Panel::keyPressEvent(event);
}

bool MaskPanel::eventFilter(QObject* watched, QEvent* event) {
  return event->type() == QEvent::KeyPress ? handleKey(static_cast<QKeyEvent*>(event))
                                           : Panel::eventFilter(watched, event);
}

bool MaskPanel::handleKey(QKeyEvent* event) {
  if (event->key() != Qt::Key_Escape || large_ < 0) return false;
  goBack();
  return true;
}

std::shared_ptr<const MaskSource> MaskPanel::sourceOf(size_t layer,
                                                      std::shared_ptr<const lab::MaskSnapshot> snapshot) const {
  auto source =
      makeMaskSource(snapshot, reference_ ? reference_.get() : initial_.get(), layer, layers_[layer], mode());
  if (replay_)
    source->lives = [replay = replay_, layer, step = snapshot->step](int64_t weight) {
      return replay->lives(layer, weight, replay->momentAt(step));
    };
  return source;
}

QString MaskPanel::captionOf(const MaskSource& source) const {
  QString name = QString::fromStdString(source.name) + QStringLiteral("   ");
  if (large_ >= 0 || source.mode == MaskMode::Active)
    name += shapeText(layers_[source.layer].shape) + QStringLiteral("   ");
  const auto percent = [&](double share) { return percentText(share) + QStringLiteral(" %"); };
  switch (source.mode) {
    case MaskMode::Change:
      return name +
             tr("+%1 −%2").arg(countText(double(source.ones())), countText(double(source.dropped.count())));
    case MaskMode::Explored:
      return name + tr("%1 explored").arg(percent(source.density()));
    case MaskMode::Age:
      return name + tr("mean age %1 steps").arg(countText(meanAge(source)));
    case MaskMode::Survived: {
      const auto& then = reference_ ? reference_ : initial_;
      const double before = then ? double(then->active[source.layer].count()) : 0;
      return name + tr("%1 survived").arg(percent(before == 0 ? 0 : double(source.ones()) / before));
    }
    case MaskMode::Active:
      break;
  }
  return name + percent(source.density());
}

void MaskPanel::showKey() {
  const QString then =
      reference_ ? tr("step %1").arg(countText(static_cast<double>(reference_->step))) : tr("the start");
  switch (mode()) {
    case MaskMode::Change:
      return key_->setScale(tr("dropped"), tr("grown"), changeColours,
                            tr("Connections grown less those dropped since %1, up to three times the mean of the "
                               "layer")
                                .arg(then));
    case MaskMode::Age:
      return key_->setScale(tr("old"), tr("new"), timeColours,
                            tr("When the connections of a block came to be, from the start of the run until the "
                               "moment shown"));
    case MaskMode::Survived:
      return key_->setScale(tr("0"), tr("3 × mean"), densityColours,
                            tr("Density of connections that exist since %1 without a break, up to three times the "
                               "layer's density")
                                .arg(then));
    default:
      return key_->setScale(tr("0"), tr("3 × mean"), densityColours,
                            tr("Density of a block of connections, from none to three times the mean of its "
                               "layer"));
  }
}

std::shared_ptr<const lab::MaskSnapshot> MaskPanel::frameAt(int frame) const {
  const size_t last = replay_->moments() - 1;
  const auto frames = static_cast<size_t>(std::max(2, sheet_.filmFrames));
  return replay_->at(static_cast<size_t>(frame) * last / (frames - 1));
}

void MaskPanel::updateFilms() {
  const int moments = replay_ ? static_cast<int>(replay_->moments()) : 0;
  sheet_.filmFrames = moments < 2 ? 0 : std::min(moments, kMostFrames);
  largeView_->setFilm(sheet_.filmFrames, [this](int frame) {
    return sourceOf(static_cast<size_t>(std::max(0, large_)), frameAt(frame));
  });
}

std::vector<Exportable*> MaskPanel::exportables() {
  updateFilms();
  if (large_ >= 0) return {largeView_};
  std::vector<Exportable*> all{&sheet_};
  all.insert(all.end(), thumbnails_.begin(), thumbnails_.end());
  return all;
}

void MaskPanel::refresh() {
  if (!snapshot_) return;
  showKey();
  if (large_ >= 0) {
    updateFilms();
    const auto source = sourceOf(static_cast<size_t>(large_), snapshot_);
    largeCaption_->setText(captionOf(*source) +
                           (source->layout.convolution() ? tr("      rows: filters, columns: channels")
                                                         : tr("      rows: outputs, columns: inputs")) +
                           tr("; zoom with the wheel"));
    largeView_->setSource(source);
    return;
  }
  for (size_t l = 0; l < layers_.size(); ++l) {
    const auto source = sourceOf(l, snapshot_);
    captions_[l]->setText(captionOf(*source));
    captions_[l]->setToolTip(captions_[l]->text());
    thumbnails_[l]->setSource(source);
  }
}

}  // namespace lab::ui
