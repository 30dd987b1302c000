#pragma once
// A figure of the paper: accuracy against the curve axis (ΔT), and the same points against R_s; a colour a panel
// value.

#include "experiments/figures.h"
#include "figures/curve_axis.h"
#include "plots/plot.h"

#include <QSet>

#include <optional>
#include <vector>

namespace lab::ui {

class FigurePlot : public Plot {
  Q_OBJECT
 public:
  explicit FigurePlot(QWidget* parent = nullptr);

  /// The labels give the axes their extent before the first point is there.
  void setFigure(const lab::Figure& figure, const std::vector<std::string>& panels,
                 const std::vector<std::string>& curve);
  void setData(const lab::FigureData& data);

  /// The point under a position in pixels.
  const lab::FigurePoint* pointAt(QPointF position) const;
  /// Where a point is drawn against the curve axis; empty when it is not.
  std::optional<QPointF> pixelOf(const std::string& panel, const std::string& curve) const;

  QString exportTitle() const override { return figureTitle_; }
  QString exportName() const override { return figureName_; }
  void resetView() override;
  CsvTable exportTable() const override;

 Q_SIGNALS:
  void pointActivated(const QString& panel, const QString& curve);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void arrange() override;
  void legendToggled(QCPAbstractPlottable* plottable) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;

 private:
  struct Drawn {  ///< a point in both plots
    const lab::FigurePoint* point;
    double x;  ///< on the curve axis
  };
  void rebuild(const Theme& theme);
  void drawPanel(const QString& panel, const QColor& colour, const Theme& theme);
  void drawDense(const Theme& theme);
  void arrangePointLabels();
  void arrangeDenseLabel();
  void fit();
  QCPAxis* x(int plot) const { return rects_[plot]->axis(QCPAxis::atBottom); }
  QCPAxis* y(int plot) const { return rects_[plot]->axis(QCPAxis::atLeft); }

  QString figureTitle_, figureName_, panelName_, curveName_;
  QStringList panels_;
  CurveAxis axis_;
  lab::FigureData data_;
  std::vector<Drawn> drawn_;
  QSet<QString> hidden_;
  QList<QCPAxisRect*> rects_;  ///< against the curve axis, against R_s
  QCPLegend* panelNames_ = nullptr;
  QCPTextElement *panelTitle_ = nullptr, *labelNote_ = nullptr;
  std::vector<QCPItemText*> pointLabels_;  ///< parallel to drawn_
  QCPItemText* denseLabel_ = nullptr;
  QPointF pressed_;
};

}  // namespace lab::ui
