#include "figures/figure_panel.h"

#include "data/data_info.h"
#include "network/models.h"
#include "parameters/value_field.h"
#include "training/initial_masks.h"
#include "wording.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <thread>

namespace lab::ui {
namespace {

// A core of a few years ago: a sparse step costs about this much before its arithmetic, and does so many of its
// multiplications a second; dense kernels do ten times as many.
constexpr double kStepSeconds = 1.5e-4;
constexpr double kSparseFlops = 2e10;
constexpr double kDenseFlops = 1e11;

double guessSeconds(const Config& config) {
  const auto data = dataInfoFor(config);
  if (!data) return 0;
  const auto network = makeNetwork(config, data.value().shape, data.value().classes);
  if (!network) return 0;
  const auto densities = configuredDensities(network.value(), config);
  if (!densities) return 0;
  const double images = static_cast<double>(data.value().trainSamples) * static_cast<double>(config.totalEpochs());
  const double flops = stepFlops(weightLayers(network.value()), densities.value().start.active).total();
  const double speed = config.method == "dense" ? kDenseFlops : kSparseFlops;
  return images / static_cast<double>(config.batch_size) * kStepSeconds + images * flops / speed;
}

/// "12 epochs each", "3 to 48 epochs each"
QString lengthText(const std::vector<Cell>& cells) {
  const auto epochs = [](const Cell& cell) { return cell.config.totalEpochs(); };
  const auto [shortest, longest] = std::ranges::minmax(cells, {}, epochs);
  const auto least = epochs(shortest), most = epochs(longest);
  return least == most ? FigurePanel::tr("%1 epochs each").arg(least)
                       : FigurePanel::tr("%1 to %2 epochs each").arg(least).arg(most);
}

QLabel* paragraph(QWidget* parent, const char* name) {
  auto* label = new QLabel(parent);
  label->setObjectName(QLatin1String(name));
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

double guessSeconds(const std::vector<Cell>& cells) {
  double sum = 0, longest = 0;
  for (const auto& cell : cells) {
    const double one = guessSeconds(cell.config);
    sum += one;
    longest = std::max(longest, one);
  }
  return std::max(longest, sum / std::max(1U, std::thread::hardware_concurrency()));
}

FigurePanel::FigurePanel(QWidget* parent)
    : QWidget(parent),
      title_(paragraph(this, "panelTitle")),
      source_(paragraph(this, "muted")),
      help_(paragraph(this, "body")),
      scale_(new QComboBox(this)),
      seeds_(new QSpinBox(this)),
      dense_(new QCheckBox(tr("Also train the dense network"), this)),
      plan_(paragraph(this, "plan")) {
  scale_->setObjectName(QStringLiteral("figureScale"));
  scale_->setAccessibleName(tr("Scale"));
  scale_->setToolTip(tr("How much is trained: quick takes about a minute, paper takes what the paper took."));
  seeds_->setObjectName(QStringLiteral("figureSeeds"));
  seeds_->setAccessibleName(tr("Seeds"));
  seeds_->setRange(0, 100);
  seeds_->setSpecialValueText(tr("as the scale says"));
  seeds_->setToolTip(tr("Runs of every point, each with another seed. Error bars are their standard deviation."));
  ignoreWheelWithoutFocus(scale_);
  ignoreWheelWithoutFocus(seeds_);
  dense_->setToolTip(
      tr("Dense networks of the same length, drawn dashed. Each takes longer than many sparse ones."));

  auto* form = new QFormLayout;
  form->setContentsMargins(0, 4, 0, 4);
  form->setVerticalSpacing(8);
  form->addRow(tr("Scale"), scale_);
  form->addRow(tr("Seeds"), seeds_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 8, 16, 16);
  layout->setSpacing(10);
  layout->addWidget(title_);
  layout->addWidget(source_);
  layout->addWidget(help_);
  layout->addLayout(form);
  layout->addWidget(dense_);
  layout->addSpacing(4);
  layout->addWidget(plan_);
  layout->addStretch();

  connect(scale_, &QComboBox::currentIndexChanged, this, &FigurePanel::makeGrid);
  connect(seeds_, &QSpinBox::valueChanged, this, &FigurePanel::makeGrid);
  connect(dense_, &QCheckBox::toggled, this, &FigurePanel::describe);
}

void FigurePanel::setFigure(const lab::Figure& figure) {
  if (figure_ == &figure) return;
  figure_ = &figure;
  title_->setText(toQt(figure.title));
  source_->setText(toQt(figure.source));
  help_->setText(typeset(toQt(figure.help)));
  {
    const QSignalBlocker quiet(scale_);
    scale_->clear();
    for (const auto scale : figure.scales) scale_->addItem(toQt(name(scale)), static_cast<int>(scale));
  }
  makeGrid();
}

void FigurePanel::setScale(FigureScale scale) {
  const int index = scale_->findData(static_cast<int>(scale));
  if (index >= 0) scale_->setCurrentIndex(index);
}

FigureScale FigurePanel::scale() const { return static_cast<FigureScale>(scale_->currentData().toInt()); }

bool FigurePanel::wantsDenseReference() const { return dense_->isVisibleTo(this) && dense_->isChecked(); }

void FigurePanel::makeGrid() {
  auto made = lab::makeFigure(*figure_, scale(), seeds_->value());
  grid_.reset();
  if (made) grid_ = made.take();
  ready_ = 0;
  dense_->setVisible(grid_ && !grid_->references.empty());
  describe();
  if (!grid_) plan_->setText(QString::fromStdString(lab::describe(made.problems())));
  Q_EMIT gridChanged();
}

void FigurePanel::setReady(size_t cells) {
  ready_ = cells;
  describe();
}

void FigurePanel::setRunning(bool running) {
  for (QWidget* input :
       {static_cast<QWidget*>(scale_), static_cast<QWidget*>(seeds_), static_cast<QWidget*>(dense_)})
    input->setEnabled(!running);
}

void FigurePanel::describe() {
  if (!grid_ || grid_->cells.empty()) return;
  const auto total = static_cast<int64_t>(grid_->cells.size());
  const auto& first = grid_->cells.front().config;
  auto cells = grid_->cells;
  if (wantsDenseReference()) cells.insert(cells.end(), grid_->references.begin(), grid_->references.end());
  QString text = tr("<p><b>Start</b> trains %1 networks from scratch on real %2, %3, one on every core. "
                    "The figure fills in as they finish.</p>")
                     .arg(grouped(total), QString::fromStdString(first.dataset))
                     .arg(lengthText(grid_->cells));
  const auto ready = static_cast<int64_t>(ready_);
  const double share = 1 - static_cast<double>(ready) / static_cast<double>(total);
  if (ready == total)
    text += tr("<p>All of them have been trained before and are shown at once.</p>");
  else
    text += tr("<p>About <b>%1</b> on this machine%2.</p>")
                .arg(durationText(guessSeconds(cells) * share),
                     ready > 0 ? tr(", as %1 of them are there already").arg(grouped(ready)) : QString());
  text +=
      tr("<p>You can stop at any time: finished runs are kept, and Start goes on from there. "
         "Click a point of the figure to open its run.</p>");
  plan_->setText(text);
}

}  // namespace lab::ui
