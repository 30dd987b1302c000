#include "figures/rank_curves.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

std::vector<lab::MeasureRank> curveOf(const std::vector<lab::MeasureRank>& ranks, const std::string& panel) {
  std::vector<lab::MeasureRank> curve;
  std::copy_if(ranks.begin(), ranks.end(), std::back_inserter(curve), [&](const lab::MeasureRank& rank) {
    return rank.measure == lab::kReliableShare && rank.panel == panel;
  });
  std::stable_sort(curve.begin(), curve.end(), [](const auto& a, const auto& b) { return a.k < b.k; });
  return curve;
}

}  // namespace

double rankPosition(int64_t k) { return k == 0 ? -.5 : std::log10(static_cast<double>(k)); }

QSharedPointer<QCPAxisTicker> rankTicker(const std::vector<lab::MeasureRank>& ranks) {
  QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
  ticker->addTick(rankPosition(0), QStringLiteral("0 (Rₛ)"));
  int64_t largest = 1;
  for (const auto& rank : ranks)
    if (rank.measure == lab::kReliableShare) largest = std::max(largest, rank.k);
  for (int64_t decade = 1; decade <= largest; decade *= 10) {
    ticker->addTick(rankPosition(decade), QString::number(decade));
    if (3 * decade <= largest) ticker->addTick(rankPosition(3 * decade), QString::number(3 * decade));
  }
  return ticker;
}

void drawRanks(QCPAxisRect& rect, const std::vector<lab::MeasureRank>& ranks, const std::string& panel,
               const QColor& colour, const QColor& paper) {
  const auto curve = curveOf(ranks, panel);
  if (curve.empty()) return;
  QCPAxis *x = rect.axis(QCPAxis::atBottom), *y = rect.axis(QCPAxis::atLeft);
  QCustomPlot& plot = *rect.parentPlot();
  QCPGraph *low = plot.addGraph(x, y), *high = plot.addGraph(x, y), *middle = plot.addGraph(x, y);
  auto* best = plot.addGraph(x, y);
  for (const auto& rank : curve) {
    low->addData(rankPosition(rank.k), rank.low);
    high->addData(rankPosition(rank.k), rank.high);
    middle->addData(rankPosition(rank.k), rank.rho);
  }
  const auto top = std::max_element(curve.begin(), curve.end(),
                                    [](const auto& a, const auto& b) { return a.rho < b.rho; });
  best->addData(rankPosition(top->k), top->rho);
  QColor band = colour;
  band.setAlphaF(.13f);
  for (QCPGraph* edge : {low, high}) edge->setPen(Qt::NoPen);
  high->setBrush(band);
  high->setChannelFillGraph(low);
  middle->setPen(QPen(colour, 1.5));
  middle->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(paper, 1), colour, 6));
  best->setPen(Qt::NoPen);
  best->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(paper, 1), colour, 13));
}

}  // namespace lab::ui
