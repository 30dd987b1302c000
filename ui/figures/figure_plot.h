#pragma once
// A figure of the paper: accuracy against the curve axis (ΔT, epochs, ...), and beside it against what it came from:
// R_s, training FLOPs, or how well exploration ranks the runs.

#include "experiments/figure_data.h"
#include "figures/curve_axis.h"
#include "figures/figure_lines.h"
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
                 const std::vector<std::string>& series, const std::vector<std::string>& curve);
  void setData(const lab::FigureData& data);
  int rows() const { return lines_.rows; }

  /// The point under a position in pixels.
  const lab::FigurePoint* pointAt(QPointF position) const;
  /// Where a point is drawn against the curve axis; empty when it is not.
  std::optional<QPointF> pixelOf(const lab::Place& place) const;

  QString exportTitle() const override { return figureTitle_; }
  QString exportName() const override { return figureName_; }
  void resetView() override;
  CsvTable exportTable() const override;

 Q_SIGNALS:
  void pointActivated(const lab::Place& place);

 protected:
  void restyle(const Theme& theme) override;
  void hoverAt(QPointF position) override;
  void arrange() override;
  void legendToggled(QCPAbstractPlottable* plottable) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;

 private:
  struct Drawn {  ///< a point in the plots of its row
    const lab::FigurePoint* point;
    double x;       ///< on the curve axis
    double second;  ///< on the axis of the second plot; meaningless where that shows no points
    int row;
    bool joined;  ///< to the one before
  };
  enum { kAgainstCurve, kSecond };

  void makeRects();
  void nameAxes();
  void rebuild(const Theme& theme);
  void drawLine(const FigureLine& line, const Theme& theme);
  void drawWord(const FigureLine& line, double accuracy, const QColor& colour);
  void addPointLabel(const QString& text, const FigureLine& line, const QColor& colour);
  void addErrorBars(QCPGraph& graph, const QVector<double>& deviations, const QColor& colour, bool shown);
  void addLegendEntry(QCPGraph& graph, bool shown, const Theme& theme);
  void drawDense(const Theme& theme);
  void drawDenseCurve(const Theme& theme);
  void arrangePointLabels(int row);
  void arrangeDenseLabel();
  void fit();
  void fitSecond(int row);
  bool secondShowsPoints() const { return second_ != lab::SecondPlot::RankCorrelation; }
  double secondOf(const lab::FigurePoint& point) const;
  QCPAxisRect* rect(int row, int plot) const { return rects_[2 * row + plot]; }
  QCPAxis* x(int row, int plot) const { return rect(row, plot)->axis(QCPAxis::atBottom); }
  QCPAxis* y(int row, int plot) const { return rect(row, plot)->axis(QCPAxis::atLeft); }

  QString figureTitle_, figureName_, panelName_, seriesName_, curveName_, curveTitle_;
  lab::SecondPlot second_ = lab::SecondPlot::AgainstRs;
  bool hasSeries_ = false;
  FigureLines lines_;
  CurveAxis axis_;
  lab::FigureData data_;
  std::vector<Drawn> drawn_;
  QSet<QString> hidden_;
  QCPLayoutGrid* grid_ = nullptr;
  QList<QCPAxisRect*> rects_;  ///< two a row: against the curve axis, and the second plot
  QCPLegend* lineNames_ = nullptr;
  QCPTextElement *legendTitle_ = nullptr, *note_ = nullptr;
  std::vector<QCPItemText*> pointLabels_;  ///< parallel to drawn_, where the second plot shows points
  QCPItemText* denseLabel_ = nullptr;
  QPointF pressed_;
};

}  // namespace lab::ui
