#include "figures/render_figure.h"

#include "figures/figure_plot.h"

#include <algorithm>

namespace lab::ui {

namespace {

/// The distinct labels, in the order in which they come.
template <class Label>
std::vector<std::string> distinct(const lab::FigureData& data, Label label) {
  std::vector<std::string> labels;
  for (const lab::FigurePoint& point : data.points)
    if (std::find(labels.begin(), labels.end(), label(point)) == labels.end()) labels.push_back(label(point));
  return labels;
}

}  // namespace

Problems renderFigure(const lab::Figure& figure, const lab::FigureData& data, const std::filesystem::path& folder,
                      QSize size, double scale) {
  FigurePlot plot;
  const auto series = distinct(data, [](const lab::FigurePoint& p) { return p.series; });
  plot.setFigure(figure, distinct(data, [](const lab::FigurePoint& p) { return p.panel; }),
                 figure.seriesKey.empty() ? std::vector<std::string>{} : series,
                 distinct(data, [](const lab::FigurePoint& p) { return p.curve; }));
  plot.setData(data);
  size.setHeight(size.height() * plot.rows());
  const auto path = [&](const char* suffix) {
    return QString::fromStdString((folder / (std::string(figure.name) + suffix)).string());
  };
  Problems problems = exportTo(plot, path(".png"), ExportFormat::Png, size, scale);
  for (Problem& problem : exportTo(plot, path(".svg"), ExportFormat::Svg, size, scale))
    problems.push_back(std::move(problem));
  return problems;
}

}  // namespace lab::ui
