#include "live/layer_table.h"

#include "live/mask_image.h"
#include "plots/plot.h"
#include "theme.h"

#include <QHeaderView>
#include <QSignalBlocker>

namespace lab::ui {

namespace {

enum LayerColumn { kLayerName, kShape, kTarget, kDensity, kRsNow, kRewired, kNotes, kColumns };
const QString kPercentSign = QStringLiteral(" %");

}  // namespace

int64_t unitsWithoutInput(const lab::Mask& active, const std::vector<int64_t>& shape) {
  const MatrixShape matrix = matrixShape(shape);
  int64_t alone = 0;
  for (int64_t row = 0; row < matrix.rows; ++row)
    if (!active.any(row * matrix.columns, (row + 1) * matrix.columns)) ++alone;
  return alone;
}

LayerTable::LayerTable(QWidget* parent) : QTableWidget(0, kColumns, parent) {
  setHorizontalHeaderLabels(
      {tr("Layer"), tr("Shape"), tr("Target"), tr("Density"), tr("Rₛ"), tr("Last update"), tr("Notes")});
  horizontalHeaderItem(kTarget)->setToolTip(tr("Density that the distribution asks for"));
  horizontalHeaderItem(kDensity)->setToolTip(tr("Share of the layer's weights that is active now"));
  horizontalHeaderItem(kRsNow)->setToolTip(tr("Share of the layer's weights that was ever active"));
  horizontalHeaderItem(kRewired)->setToolTip(tr("Connections grown and dropped by the last topology update"));
  setAccessibleName(tr("Layers"));
  connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &LayerTable::colourNotes);
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setStyleSheet(QStringLiteral("QHeaderView::section { padding: 3px 5px; } QTableView::item { padding: 0 5px; }"));
  setFont(scaledFont(.92));
  setEditTriggers(NoEditTriggers);
  setSelectionBehavior(SelectRows);
  setSelectionMode(SingleSelection);
  setFocusPolicy(Qt::StrongFocus);
  setWordWrap(false);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(QFontMetrics(font()).height() + 8);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  horizontalHeader()->setStretchLastSection(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  for (int column = 0; column < kColumns; ++column) {
    horizontalHeaderItem(column)->setFont(scaledFont(.85));
    const bool words = column == kLayerName || column == kShape || column == kNotes;
    horizontalHeaderItem(column)->setTextAlignment((words ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  }
  connect(this, &QTableWidget::itemSelectionChanged, this, [this] {
    const auto selected = selectionModel()->selectedRows();
    Q_EMIT layerSelected(selected.isEmpty() ? -1 : selected.first().row());
  });
}

void LayerTable::put(int row, int column, const QString& text) {
  QTableWidgetItem* cell = item(row, column);
  if (cell == nullptr) {
    cell = new QTableWidgetItem;
    const bool words = column == kLayerName || column == kShape || column == kNotes;
    cell->setTextAlignment((words ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    setItem(row, column, cell);
  }
  cell->setText(text);
}

void LayerTable::startRun(const std::vector<lab::LayerInfo>& layers) {
  const QSignalBlocker quiet(this);
  layers_ = layers;
  setRowCount(static_cast<int>(layers.size()));
  for (int row = 0; row < rowCount(); ++row) {
    const lab::LayerInfo& layer = layers[static_cast<size_t>(row)];
    QStringList sizes;
    for (const int64_t n : layer.shape) sizes << QString::number(n);
    put(row, kLayerName, QString::fromStdString(layer.name));
    put(row, kShape, sizes.join(QStringLiteral("×")));
    put(row, kTarget, percentText(layer.targetDensity) + kPercentSign);
    const double density =
        layer.weights == 0 ? 0 : static_cast<double>(layer.active) / static_cast<double>(layer.weights);
    put(row, kDensity, percentText(density) + kPercentSign);
    for (int column = kRsNow; column < kColumns; ++column) put(row, column, {});
  }
}

void LayerTable::setSnapshot(const lab::MaskSnapshot& snapshot) {
  for (size_t l = 0; l < layers_.size() && l < snapshot.layers.size() && l < snapshot.active.size(); ++l) {
    const lab::LayerExploration& e = snapshot.layers[l];
    const int row = static_cast<int>(l);
    const double density = e.weights == 0 ? 0 : static_cast<double>(e.active) / static_cast<double>(e.weights);
    put(row, kDensity, percentText(density) + kPercentSign);
    put(row, kRsNow, QString::number(e.rs(), 'f', 4));
    put(row, kRewired, tr("+%1 −%2").arg(countText(double(e.grown)), countText(double(e.dropped))));
    const int64_t alone = unitsWithoutInput(snapshot.active[l], layers_[l].shape);
    put(row, kNotes,
        alone > 0         ? tr("%1 dead").arg(countText(double(alone)))
        : e.countsAsDense ? tr("dense")
                          : QString());
    item(row, kNotes)
        ->setToolTip(alone > 0 ? tr("%1 units are dead: they have no connection to the layer before.").arg(alone)
                               : QString());
    item(row, kNotes)->setData(Qt::UserRole, alone > 0);
  }
  colourNotes();
}

void LayerTable::colourNotes() {
  for (int row = 0; row < rowCount(); ++row)
    if (auto* note = item(row, kNotes))
      note->setForeground(note->data(Qt::UserRole).toBool() ? theme().warning : theme().mutedText);
}

void LayerTable::clearLayers() {
  const QSignalBlocker quiet(this);
  layers_.clear();
  setRowCount(0);
}

void LayerTable::selectLayer(int layer) {
  const QSignalBlocker quiet(this);
  layer < 0 ? clearSelection() : selectRow(layer);
}

}  // namespace lab::ui
