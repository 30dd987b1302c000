#pragma once
// Which lines a figure draws, where and in which colour.

#include "experiments/figures.h"

#include <QString>

#include <string>
#include <vector>

namespace lab::ui {

struct FigureLine {
  std::string panel, series;
  QString name;        ///< in the legend, which may stand for several lines
  int row = 0;         ///< of plots
  int colour = 0;      ///< in the theme's series
  bool dotted = false; ///< what the others are compared with
};

/// One kind of line a panel (and references): all panels share a row of plots and each has its colour. Several kinds:
/// each has its colour, and each panel a row of its own.
struct FigureLines {
  std::vector<FigureLine> lines;
  bool colouredBySeries = false;
  int rows = 1;
};

FigureLines figureLines(const std::vector<std::string>& panels, const std::vector<std::string>& series);

}  // namespace lab::ui
