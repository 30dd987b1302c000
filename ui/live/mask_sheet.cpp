#include "live/mask_sheet.h"

#include "live/mask_view.h"
#include "plots/qcp.h"

#include <cmath>

namespace lab::ui {

namespace {

constexpr double kSheetGap = 10;
constexpr size_t kMostInARow = 4;

void paintSheet(QPainter& painter, QSize size, const MaskSources& sources) {
  painter.fillRect(QRect({0, 0}, size), lightTheme().panel);
  const QSize grid = gridOf(sources.size());
  const double width = (size.width() - kSheetGap) / grid.width(),
               height = (size.height() - kSheetGap) / grid.height();
  for (size_t i = 0; i < sources.size(); ++i) {
    const auto at = std::div(static_cast<int>(i), grid.width());
    paintMaskFigure(
        painter, {kSheetGap + at.rem * width, kSheetGap + at.quot * height, width - kSheetGap, height - kSheetGap},
        sources[i], false);
  }
}

}  // namespace

QSize gridOf(size_t cells) {
  if (cells <= kMostInARow) return {std::max(1, static_cast<int>(cells)), 1};
  const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(cells))));
  return {columns, (static_cast<int>(cells) + columns - 1) / columns};
}

QString MaskSheet::exportTitle() const { return QCoreApplication::translate("MaskSheet", "Masks of all layers"); }

void MaskSheet::paintExport(QCPPainter& painter, QSize size) { paintSheet(painter, size, now()); }

void MaskSheet::paintFrame(QCPPainter& painter, QSize size, int frame) { paintSheet(painter, size, film(frame)); }

CsvTable MaskSheet::exportTable() const {
  CsvTable table{{QStringLiteral("layer"), QStringLiteral("step"), QStringLiteral("weights"),
                  QStringLiteral("shown"), QStringLiteral("density")},
                 {}};
  for (const auto& source : now())
    table.rows.push_back({QString::fromStdString(source->name), QString::number(source->moment->step),
                          QString::number(source->shown.size()), QString::number(source->shown.count()),
                          csvNumber(source->density())});
  return table;
}

}  // namespace lab::ui
