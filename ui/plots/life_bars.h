#pragma once
// Horizontal bars in rows, for spans of time.

#include "plots/qcp.h"

#include <vector>

namespace lab::ui {

class LifeBars : public QCPAbstractPlottable {
  Q_OBJECT
 public:
  struct Bar {
    double row = 0;           ///< from row to row + 1 on the value axis
    double from = 0, to = 0;  ///< on the key axis
  };

  LifeBars(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {}
  void setBars(std::vector<Bar> bars) { bars_ = std::move(bars); }
  const std::vector<Bar>& bars() const { return bars_; }

  double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }
  QCPRange getKeyRange(bool& found, QCP::SignDomain domain) const override;
  QCPRange getValueRange(bool& found, QCP::SignDomain domain, const QCPRange& keys) const override;

 protected:
  void draw(QCPPainter* painter) override;
  void drawLegendIcon(QCPPainter* painter, const QRectF& rect) const override;

 private:
  std::vector<Bar> bars_;
};

}  // namespace lab::ui
