#include "plots/time_axes.h"

namespace lab::ui {

void linkTimeAxes(QCustomPlot& plot, const QList<QCPAxisRect*>& rects,
                  std::function<void(const QCPRange&)> onChange) {
  for (QCPAxisRect* rect : rects) {
    QCPAxis* axis = rect->axis(QCPAxis::atBottom);
    QObject::connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), &plot,
                     [rects, axis, onChange](const QCPRange& range) {
                       for (QCPAxisRect* other : rects)
                         if (other->axis(QCPAxis::atBottom) != axis)
                           other->axis(QCPAxis::atBottom)->setRange(range);
                       if (rects.last()->axis(QCPAxis::atBottom) == axis) onChange(range);
                     });
  }
  // Emitted before the wheel reaches the rect or axis under it.
  QObject::connect(&plot, &QCustomPlot::mouseWheel, &plot, [rects](QWheelEvent* event) {
    const QPoint at = event->position().toPoint();
    for (QCPAxisRect* rect : rects)
      rect->setRangeZoom(rect->rect().contains(at) ? Qt::Orientations(Qt::Horizontal)
                                                   : Qt::Horizontal | Qt::Vertical);
  });
}

QList<QCPAxis*> bottomAxes(const QList<QCPAxisRect*>& rects) {
  QList<QCPAxis*> axes;
  for (QCPAxisRect* rect : rects) axes << rect->axis(QCPAxis::atBottom);
  return axes;
}

QList<QCPItemStraightLine*> addCursors(QCustomPlot& plot, const QList<QCPAxisRect*>& rects, QCPLayer* layer) {
  QList<QCPItemStraightLine*> cursors;
  for (QCPAxisRect* rect : rects) {
    auto* line = new QCPItemStraightLine(&plot);
    line->setLayer(layer);
    line->setClipAxisRect(rect);
    line->setVisible(false);
    for (QCPItemPosition* point : {line->point1, line->point2}) {
      point->setAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
      point->setAxisRect(rect);
      point->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    cursors << line;
  }
  return cursors;
}

void placeCursors(const QList<QCPItemStraightLine*>& cursors, QCPLayer* layer, std::optional<double> x) {
  for (QCPItemStraightLine* line : cursors) {
    line->setVisible(x.has_value());
    line->point1->setCoords(x.value_or(0), 0);
    line->point2->setCoords(x.value_or(0), 1);
  }
  layer->replot();
}

}  // namespace lab::ui
