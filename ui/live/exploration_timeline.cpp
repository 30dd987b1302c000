#include "live/exploration_timeline.h"

#include "plots/hover_card.h"
#include "plots/time_axes.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

struct Band {
  const char* label;
  const char* column;
  double ExplorationShares::*share;
  QColor onLight, onDark;
};
/// From the bottom, in the order of Fate. Blues are active, sand was active once.
const Band kBands[] = {
    {QT_TRANSLATE_NOOP("Timeline", "since the start"), "initial_survivors", &ExplorationShares::initialSurvivors,
     0x123f73u, 0x3a5f9eu},
    {QT_TRANSLATE_NOOP("Timeline", "reliable"), "active_reliable", &ExplorationShares::reliable, 0x2f86c1u,
     0x4fa3dfu},
    {QT_TRANSLATE_NOOP("Timeline", "young"), "active_young", &ExplorationShares::young, 0x9ccdeau, 0xa9d8f5u},
    {QT_TRANSLATE_NOOP("Timeline", "explored, dropped"), "explored_dropped", &ExplorationShares::dropped,
     0xe9c98au, 0xb08a4au},
    {QT_TRANSLATE_NOOP("Timeline", "never explored"), "never_explored", &ExplorationShares::never, 0xf0f1f4u,
     0x292d34u},
};
constexpr size_t kMostColumns = 1200;  ///< points drawn a band: about one a pixel

}  // namespace

QColor colourOf(Fate fate, const Theme& theme) {
  const Band& band = kBands[static_cast<size_t>(fate)];
  return theme.dark ? band.onDark : band.onLight;
}

ExplorationShares sharesOf(const lab::LayerExploration& e) {
  if (e.weights == 0) return {};
  const auto share = [&e](int64_t n) { return static_cast<double>(n) / static_cast<double>(e.weights); };
  // Survivors of the start count as reliable once they are old enough; they are shown apart.
  const int64_t reliable = std::max<int64_t>(0, e.activeReliable - e.initialSurvivors);
  return {share(e.initialSurvivors), share(reliable), share(e.active - e.initialSurvivors - reliable),
          share(e.explored - e.active), share(e.weights - e.explored)};
}

ExplorationTimeline::ExplorationTimeline(QWidget* parent)
    : Plot(tr("Exploration timeline"), QStringLiteral("exploration"), parent) {
  QCPLegend* names = addHeading(*plotLayout(), 0, 0, QString());
  plotLayout()->setRowStretchFactor(0, .001);
  rect_ = addRect(*plotLayout(), 1, 0);
  rect_->axis(QCPAxis::atBottom)->setLabel(tr("optimizer steps"));
  rect_->axis(QCPAxis::atLeft)->setLabel(tr("Share of weights (%)"));
  rect_->axis(QCPAxis::atBottom)->grid()->setVisible(false);
  QCPGraph* below = nullptr;
  for (const Band& band : kBands) {
    QCPGraph* graph = addGraph(rect_->axis(QCPAxis::atBottom), rect_->axis(QCPAxis::atLeft));
    graph->setName(QCoreApplication::translate("Timeline", band.label));
    graph->setPen(Qt::NoPen);
    if (below) graph->setChannelFillGraph(below);
    below = graph;
    names->addItem(new QCPPlottableLegendItem(names, graph));
  }
  linkTimeAxes(*this, {rect_}, [this](const QCPRange& range) {
    choosePoints();
    Q_EMIT rangeChanged(range);
  });
  moment_ = addCursors(*this, {rect_}, cursorLayer());
  cursors_ = addCursors(*this, {rect_}, cursorLayer());
  marks_ = std::make_unique<VerticalMarks>(this, QList<QCPAxisRect*>{rect_}, Qt::TopEdge);
}

void ExplorationTimeline::clear(int64_t plannedSteps) {
  rows_.clear();
  source_ = {};
  showMoment({});
  marks_->clear();
  plannedSteps_ = static_cast<double>(std::max<int64_t>(plannedSteps, 1));
  resetView();
}

void ExplorationTimeline::append(const lab::Metrics& row) {
  rows_.push_back({row.step, row.epoch, sharesOf(row.exploration)});
  if (row.plannedSteps > 0) plannedSteps_ = static_cast<double>(row.plannedSteps);
}

void ExplorationTimeline::addMark(double step, const QString& text) {
  marks_->add(step, text, theme());
  redrawSoon();
}

void ExplorationTimeline::refresh() {
  if (source_) sourceRows_ = source_();
  if (following()) fit();
  choosePoints();
  redrawSoon();
}

void ExplorationTimeline::choosePoints() {
  const std::span<const ExplorationRow> all = rowsInView();
  const size_t count = std::min(all.size(), kMostColumns);
  std::array<QVector<QCPGraphData>, std::size(kBands)> tops;
  for (size_t i = 0; i < count; ++i) {
    const ExplorationRow& row = all[count < 2 ? 0 : i * (all.size() - 1) / (count - 1)];
    double top = 0;
    for (size_t b = 0; b < tops.size(); ++b) {
      top += 100 * (row.shares.*kBands[b].share);
      tops[b].append({static_cast<double>(row.step), top});
    }
  }
  for (size_t b = 0; b < tops.size(); ++b) graph(static_cast<int>(b))->data()->set(tops[b], true);
}

std::span<const ExplorationRow> ExplorationTimeline::rowsInView() const {
  const std::span<const ExplorationRow> all = rows();
  const QCPRange view = rect_->axis(QCPAxis::atBottom)->range();
  const auto isBefore = [](double key) {
    return [key](const ExplorationRow& row) { return static_cast<double>(row.step) < key; };
  };
  // One more on each side: bands go on to what is not seen.
  auto first = std::partition_point(all.begin(), all.end(), isBefore(view.lower));
  auto end = std::partition_point(first, all.end(), isBefore(view.upper));
  if (first != all.begin()) --first;
  if (end != all.end()) ++end;
  return {first, end};
}

void ExplorationTimeline::fit() {
  rect_->axis(QCPAxis::atBottom)->setRange(0, plannedSteps_);
  double most = 0;
  for (const ExplorationRow& row : rows()) {
    const double active = row.shares.initialSurvivors + row.shares.reliable + row.shares.young;
    most = std::max(most, view_ == View::Active ? active : 1 - row.shares.never);
  }
  const bool all = view_ == View::AllWeights || most <= 0;
  rect_->axis(QCPAxis::atLeft)->setRange(0, all ? 100 : std::min(100.0, 100 * most * 1.06));
}

void ExplorationTimeline::setView(View view) {
  view_ = view;
  resetView();
}

void ExplorationTimeline::setSource(std::function<std::vector<ExplorationRow>()> rows) {
  source_ = std::move(rows);
  refresh();
}

void ExplorationTimeline::showMoment(std::optional<double> step) { placeCursors(moment_, cursorLayer(), step); }

void ExplorationTimeline::resetView() {
  followAgain();
  refresh();
}

void ExplorationTimeline::setRange(const QCPRange& range) {
  rect_->axis(QCPAxis::atBottom)->setRange(range);
  redrawSoon();
}

void ExplorationTimeline::showCursor(std::optional<double> step) { placeCursors(cursors_, cursorLayer(), step); }

void ExplorationTimeline::hoverAt(QPointF position) {
  if (rows().empty() || !axisRectAt(position)) {
    card().hide();
    return hoverEnded();
  }
  const double x = rect_->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
  const auto nearest = std::ranges::min_element(
      rows(), {}, [x](const ExplorationRow& row) { return std::abs(static_cast<double>(row.step) - x); });
  QList<HoverCard::Row> lines;
  for (size_t b = std::size(kBands); b-- > 0;)
    lines << HoverCard::Row{colourOf(static_cast<Fate>(b), theme()),
                            QCoreApplication::translate("Timeline", kBands[b].label),
                            percentText(nearest->shares.*kBands[b].share, 3) + QStringLiteral(" %")};
  for (const QString& text : marks_->textsNear(position.x())) lines << HoverCard::Row{{}, text, {}};
  const auto step = static_cast<double>(nearest->step);
  card().showAt(position.toPoint(), tr("step %1 · epoch %2").arg(countText(step)).arg(nearest->epoch, 0, 'f', 2),
                lines);
  showCursor(step);
  Q_EMIT hovered(step);
}

void ExplorationTimeline::hoverEnded() {
  showCursor({});
  Q_EMIT hovered({});
}

void ExplorationTimeline::restyle(const Theme& t) {
  Plot::restyle(t);
  for (int b = 0; b < graphCount(); ++b) graph(b)->setBrush(colourOf(static_cast<Fate>(b), t));
  for (auto* cursor : cursors_) cursor->setPen(QPen(t.text, 1));
  for (auto* line : moment_) line->setPen(QPen(t.accent, 2));
  marks_->restyle(t);
}

CsvTable ExplorationTimeline::exportTable() const {
  CsvTable table{{QStringLiteral("step"), QStringLiteral("epoch")}, {}};
  for (const Band& band : kBands) table.header << QString::fromLatin1(band.column);
  for (const ExplorationRow& row : rows()) {
    QStringList cells{QString::number(row.step), csvNumber(row.epoch)};
    for (const Band& band : kBands) cells << csvNumber(row.shares.*band.share);
    table.rows.push_back(cells);
  }
  return table;
}

}  // namespace lab::ui
