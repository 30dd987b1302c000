#include "compare/export_legend.h"

namespace lab::ui {

ExportLegend::ExportLegend(QCustomPlot& plot) : plot_(plot), legend_(new QCPLegend) {
  auto* layout = plot.plotLayout();
  const int row = layout->rowCount();
  layout->addElement(row, 0, legend_);
  layout->setRowStretchFactor(row, .001);
  legend_->setLayer(QStringLiteral("legend"));
  legend_->setFillOrder(QCPLegend::foColumnsFirst);
  legend_->setWrap(2);
  legend_->setBorderPen(Qt::NoPen);
  legend_->setBrush(Qt::NoBrush);
  legend_->setFont(scaledFont(.88));
  legend_->setTextColor(lightTheme().text);
  legend_->setIconSize(18, 12);
  legend_->setSelectableParts(QCPLegend::spNone);
}

ExportLegend::~ExportLegend() {
  plot_.plotLayout()->remove(legend_);
  plot_.plotLayout()->simplify();
}

void ExportLegend::add(QCPAbstractPlottable* plottable) const {
  legend_->addItem(new QCPPlottableLegendItem(legend_, plottable));
}

}  // namespace lab::ui
