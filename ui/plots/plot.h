#pragma once
// What every plot of the window shares: themed axes, wheel zoom, drag pan, Shift and drag to zoom into a box,
// double-click reset, logarithmic axes on request, legends that switch their curves, a card with the values under
// the cursor, and export.

#include "export/plot_export.h"
#include "theme.h"

#include "plots/qcp.h"

#include <memory>
#include <vector>

class QMenu;

namespace lab::ui {

class HoverCard;

/// The application's font, `factor` times its size.
QFont scaledFont(double factor, bool bold = false);

/// "12,345": positions on time axes and counts.
QString countText(double value);
/// "87.31": percent with as many decimals as differences between runs need.
QString percentText(double fraction, int decimals = 2);

/// With room at both ends: 8 % of it, and no less than `least`.
QCPRange padded(const QCPRange& range, double least);

/// A horizontal line at a value of the rect it is clipped to, however the axis beneath is scaled.
void setLevel(QCPItemStraightLine& line, double value);

class Plot : public QCustomPlot, public Exportable {
  Q_OBJECT
 public:
  Plot(QString title, QString name, QWidget* parent);

  QString exportTitle() const override { return title_; }
  QString exportName() const override { return name_; }
  QSize exportSize() const override;
  void paintExport(QCPPainter& painter, QSize size) override;

  /// Back to showing everything, and to following the data as it comes.
  virtual void resetView() = 0;

  /// What a right click opens.
  std::unique_ptr<QMenu> contextMenu();

 protected:
  /// Colours everything anew; overriders call it first.
  virtual void restyle(const Theme& theme);
  /// The cursor is at `position` (pixels), or has left.
  virtual void hoverAt(QPointF) {}
  virtual void hoverEnded() {}
  /// A legend entry was clicked.
  virtual void legendToggled(QCPAbstractPlottable* plottable);
  /// Own entries above "Reset view".
  virtual void addMenuActions(QMenu&) {}
  /// Called after each change of the layout, for what is placed in pixels.
  virtual void arrange() {}

  /// An axis rect with a left and a bottom axis only.
  QCPAxisRect* addRect(QCPLayoutGrid& grid, int row, int column);
  /// A line of text with a legend at its right, flush with the plot's left edge.
  QCPLegend* addHeading(QCPLayoutGrid& grid, int row, int column, const QString& text);
  /// Takes up the room that is left in a line.
  void addFiller(QCPLayoutGrid& line, int column);
  /// Lets the user make these axes logarithmic, all at once; `text` says so in the menu.
  void offerLogarithmic(const QList<QCPAxis*>& axes, const QString& text);
  /// Draws what was shown; queued, so that many calls in one turn cost one drawing.
  /// What is not seen is drawn when it is.
  void redrawSoon();
  /// False from the first zoom or pan until the view is reset.
  bool following() const { return following_; }
  void followAgain() { following_ = true; }

  const Theme& drawnTheme() const { return *drawnTheme_; }
  HoverCard& card() { return *card_; }
  QCPLayer* cursorLayer() { return layer(QStringLiteral("cursor")); }

  void showEvent(QShowEvent* event) override;
  void changeEvent(QEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  /// Axes that can be logarithmic, and what labels them while they are not.
  struct Scale {
    QList<QCPAxis*> axes;
    QString text;
    QList<QSharedPointer<QCPAxisTicker>> linear;
  };
  void setLogarithmic(Scale& scale, bool on);

  std::vector<Scale> scales_;
  QString title_, name_;
  const Theme* drawnTheme_ = nullptr;
  HoverCard* card_;
  bool following_ = true, drawingWanted_ = false;
};

}  // namespace lab::ui
