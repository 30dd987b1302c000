#pragma once
// The page of a figure preset: the plot filling in as cells finish, what the paper says must be seen with its
// verdict, and the state of every run. Generic over Figure.

#include "experiments/figure_data.h"

#include <QWidget>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace lab::ui {

class Exportable;

class FigurePage : public QWidget {
  Q_OBJECT
 public:
  explicit FigurePage(QWidget* parent = nullptr);
  ~FigurePage() override;

  /// Shows this grid with nothing run yet.
  void setGrid(const lab::FigureGrid& grid);
  void setCell(size_t cell, const lab::CellResult& result);  ///< ignored when there is no such cell
  void setReference(size_t index, const lab::CellResult& result);  ///< of grid.references; ignored beyond them

  const lab::FigureData& data() const;  ///< what is drawn

  /// The figure as one HTML page, see experiments/report.h. `environment`: what that says of program and machine.
  QByteArray report(const std::vector<std::pair<std::string, std::string>>& environment) const;
  bool hasData() const;  ///< whether there is anything to report or export

  std::vector<Exportable*> exportables() const;
  void openExport();

 Q_SIGNALS:
  void cellActivated(size_t cell);  ///< a point or a square was clicked
  void reportAsked();

 private:
  void summarizeAndDraw();
  void showVerdicts();

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lab::ui
