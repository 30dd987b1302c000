#include "plots/vertical_marks.h"

#include "plots/plot.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lab::ui {

void VerticalMarks::add(double x, const QString& text, const Theme& theme) {
  Mark mark{x, {}, new QCPItemText(plot_)};
  for (QCPAxisRect* rect : rects_) {
    auto* line = new QCPItemStraightLine(plot_);
    line->setClipAxisRect(rect);
    line->setClipToAxisRect(true);
    for (QCPItemPosition* point : {line->point1, line->point2}) {
      point->setAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
      point->setAxisRect(rect);
      point->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    line->point1->setCoords(x, 0);
    line->point2->setCoords(x, 1);
    mark.lines << line;
  }
  QCPAxisRect* first = rects_.first();
  mark.label->setText(text);
  mark.label->setClipAxisRect(first);
  mark.label->position->setAxes(first->axis(QCPAxis::atBottom), first->axis(QCPAxis::atLeft));
  mark.label->position->setAxisRect(first);
  mark.label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
  mark.label->position->setCoords(x, 0);
  mark.label->setPadding({4, 1, 4, 1});
  marks_.push_back(mark);
  restyle(theme);
}

void VerticalMarks::clear() {
  for (const Mark& mark : marks_) {
    for (auto* line : mark.lines) plot_->removeItem(line);
    plot_->removeItem(mark.label);
  }
  marks_.clear();
}

void VerticalMarks::restyle(const Theme& theme) {
  for (const Mark& mark : marks_) {
    for (auto* line : mark.lines) line->setPen(QPen(theme.mutedText, 1, Qt::DotLine));
    mark.label->setFont(scaledFont(.82));
    mark.label->setColor(theme.text);
    QColor paper = theme.panel;
    paper.setAlphaF(.85f);
    mark.label->setBrush(paper);
  }
}

void VerticalMarks::arrange() {
  constexpr size_t kLines = 2;
  std::array<double, kLines> taken{};
  const QFontMetrics metrics(scaledFont(.82));
  for (const Mark& mark : marks_) {
    const QCPAxisRect* rect = rects_.first();
    const double at = rect->axis(QCPAxis::atBottom)->coordToPixel(mark.x);
    const double width = metrics.horizontalAdvance(mark.label->text()) + 10;
    const bool leftward = at + width > rect->right();
    const double begin = leftward ? at - width : at;
    const auto line = std::find_if(taken.begin(), taken.end(), [begin](double until) { return begin >= until; });
    mark.label->setVisible(line != taken.end());
    if (line == taken.end()) continue;
    *line = begin + width;
    const double row = static_cast<double>(line - taken.begin()) * (metrics.height() + 2) / rect->height();
    mark.label->setPositionAlignment((leftward ? Qt::AlignRight : Qt::AlignLeft) |
                                     (edge_ == Qt::TopEdge ? Qt::AlignTop : Qt::AlignBottom));
    mark.label->position->setCoords(mark.x, edge_ == Qt::TopEdge ? row : 1 - row);
  }
}

QStringList VerticalMarks::textsNear(double at, double reach) const {
  QStringList texts;
  for (const Mark& mark : marks_)
    if (std::abs(rects_.first()->axis(QCPAxis::atBottom)->coordToPixel(mark.x) - at) <= reach)
      texts << mark.label->text();
  return texts;
}

}  // namespace lab::ui
