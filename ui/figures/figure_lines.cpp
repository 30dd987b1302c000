#include "figures/figure_lines.h"

#include <algorithm>

namespace lab::ui {

FigureLines figureLines(const std::vector<std::string>& panels, const std::vector<std::string>& series) {
  const std::vector<std::string> all = series.empty() ? std::vector<std::string>{""} : series;
  FigureLines figure;
  figure.colouredBySeries = std::count_if(all.begin(), all.end(), [](const auto& s) { return !isReference(s); }) > 1;
  if (figure.colouredBySeries) figure.rows = std::max(1, static_cast<int>(panels.size()));
  for (size_t p = 0; p < panels.size(); ++p)
    for (size_t s = 0; s < all.size(); ++s) {
      const auto& named = figure.colouredBySeries ? all[s] : panels[p];
      figure.lines.push_back({panels[p], all[s], QString::fromStdString(named),
                              figure.colouredBySeries ? static_cast<int>(p) : 0,
                              static_cast<int>(figure.colouredBySeries ? s : p), isReference(all[s])});
    }
  return figure;
}

}  // namespace lab::ui
