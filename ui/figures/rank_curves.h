#pragma once
// Rank correlation against k, a curve with its band of uncertainty a panel.

#include "experiments/reliability.h"

#include <QColor>
#include <QString>

#include "plots/qcp.h"

#include <vector>

namespace lab::ui {

/// Where k stands on a logarithmic axis that begins with 0.
double rankPosition(int64_t k);
QSharedPointer<QCPAxisTicker> rankTicker(const std::vector<lab::MeasureRank>& ranks);

/// Draws R_rel(k) of one panel into `rect`: band, curve and, at the best k, a larger point.
void drawRanks(QCPAxisRect& rect, const std::vector<lab::MeasureRank>& ranks, const std::string& panel,
               const QColor& colour, const QColor& paper);

}  // namespace lab::ui
