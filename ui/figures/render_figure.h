#pragma once
// A figure drawn without a window, by the code that draws the page.

#include "experiments/figure_data.h"

#include <QSize>

#include <filesystem>

namespace lab::ui {

/// Writes NAME.png (size × scale pixels) and NAME.svg into `folder`, light, each whole or not at all. `size` is that of
/// a row of plots; a figure with several rows is as many times as high.
/// Needs a QApplication (the offscreen platform serves). Problems: the path and the system's reason.
Problems renderFigure(const lab::Figure& figure, const lab::FigureData& data, const std::filesystem::path& folder,
                      QSize size = {1200, 520}, double scale = 2);

}  // namespace lab::ui
