#include "live/mask_marginals.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr double kMarkPixels = 4;  ///< at the far end of the strip, for units without connections
constexpr double kStripGap = 3;

/// Units of one bar: a pixel's, or one unit where it is larger.
struct Bar {
  double from = 0, to = 0;  ///< pixels along the strip
  double connections = 0;   ///< mean
  bool empty = false;       ///< one of them has none
};

std::vector<Bar> barsOf(const std::vector<int64_t>& connections, double first, double shown, double pixels) {
  std::vector<Bar> bars;
  const double aUnit = pixels / shown;
  const auto last = std::min<int64_t>(std::llround(std::ceil(first + shown)), std::ssize(connections));
  for (auto unit = std::max<int64_t>(0, std::llround(std::floor(first))); unit < last;) {
    Bar bar{(double(unit) - first) * aUnit, 0, 0, false};
    const int64_t begin = unit;
    do {
      const int64_t n = connections[static_cast<size_t>(unit++)];
      bar.connections += double(n);
      bar.empty |= n == 0;
      bar.to = (double(unit) - first) * aUnit;
    } while (unit < last && bar.to - bar.from < 1);
    bar.connections /= double(unit - begin);
    bars.push_back(bar);
  }
  return bars;
}

}  // namespace

MaskMarginals marginalsOf(const lab::Mask& active, const MaskLayout& layout) {
  MaskMarginals marginals;
  marginals.outputs.assign(static_cast<size_t>(layout.outputs()), 0);
  marginals.inputs.assign(static_cast<size_t>(layout.inputs()), 0);
  forEachOne(active, [&](int64_t weight) {
    const MaskLayout::Place place = layout.placeOf(weight);
    ++marginals.outputs[static_cast<size_t>(place.row / layout.kernelRows)];
    ++marginals.inputs[static_cast<size_t>(place.column / layout.kernelColumns)];
  });
  return marginals;
}

int64_t countEmpty(const std::vector<int64_t>& connections) { return std::ranges::count(connections, 0); }

void paintMarginal(QPainter& painter, const QRectF& strip, Qt::Orientation along,
                   const std::vector<int64_t>& connections, double first, double shown, const Theme& theme) {
  const bool down = along == Qt::Vertical;
  const double pixels = down ? strip.height() : strip.width();
  const double room = (down ? strip.width() : strip.height()) - kMarkPixels - 2 * kStripGap;
  const auto bars = barsOf(connections, first, shown, pixels);
  double most = 1;
  for (const Bar& bar : bars) most = std::max(most, bar.connections);
  const auto place = [&](double from, double to, double offset, double length) {
    return down ? QRectF(strip.left() + offset, strip.top() + from, length, to - from)
                : QRectF(strip.left() + from, strip.top() + offset, to - from, length);
  };
  painter.save();
  painter.setClipRect(strip);
  painter.setRenderHint(QPainter::Antialiasing, false);
  const QColor colour = theme.dark ? theme.mutedText.darker(130) : theme.mutedText.lighter(135);
  for (const Bar& bar : bars) {
    const double gap = bar.to - bar.from > 5 ? 1 : 0;
    painter.fillRect(place(bar.from, bar.to - gap, kStripGap, room * bar.connections / most), colour);
    if (bar.empty)
      painter.fillRect(place(bar.from, std::max(bar.to - gap, bar.from + 2), room + 2 * kStripGap, kMarkPixels),
                       theme.bad);
  }
  painter.restore();
}

}  // namespace lab::ui
