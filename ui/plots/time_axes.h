#pragma once
// Plots that share a time axis: linked ranges, a cursor through all of them.

#include "plots/qcp.h"

#include <functional>
#include <optional>

namespace lab::ui {

/// All bottom axes show the same range; the wheel over a plot zooms time alone, over a value axis that axis.
void linkTimeAxes(QCustomPlot& plot, const QList<QCPAxisRect*>& rects,
                  std::function<void(const QCPRange&)> onChange);

QList<QCPAxis*> bottomAxes(const QList<QCPAxisRect*>& rects);

/// One vertical line a rect, hidden.
QList<QCPItemStraightLine*> addCursors(QCustomPlot& plot, const QList<QCPAxisRect*>& rects, QCPLayer* layer);
/// Moves or hides them and draws only their layer.
void placeCursors(const QList<QCPItemStraightLine*>& cursors, QCPLayer* layer, std::optional<double> x);

}  // namespace lab::ui
