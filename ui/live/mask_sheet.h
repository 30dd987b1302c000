#pragma once
// The masks of all layers on one sheet, as the overview has them, to export.

#include "export/plot_export.h"
#include "live/mask_source.h"

namespace lab::ui {

using MaskSources = std::vector<std::shared_ptr<const MaskSource>>;

/// Cells side by side: up to four in one row, more in a square.
QSize gridOf(size_t cells);

class MaskSheet : public Exportable {
 public:
  std::function<MaskSources()> now;  ///< as on the screen
  int filmFrames = 0;                ///< 0: no history is at hand
  std::function<MaskSources(int frame)> film;

  QString exportTitle() const override;
  QString exportName() const override { return QStringLiteral("masks"); }
  QSize exportSize() const override { return {900, 420}; }
  void paintExport(QCPPainter& painter, QSize size) override;
  CsvTable exportTable() const override;  ///< layer, weights, shown, density
  int frames() const override { return filmFrames; }
  void paintFrame(QCPPainter& painter, QSize size, int frame) override;
};

}  // namespace lab::ui
