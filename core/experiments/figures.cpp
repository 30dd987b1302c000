#include "experiments/figures.h"

#include "experiments/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lab {

namespace {

constexpr std::array kScales{FigureScale::Quick, FigureScale::Standard, FigureScale::Paper};

}  // namespace

std::string_view name(FigureScale scale) {
  switch (scale) {
    case FigureScale::Quick:
      return "quick";
    case FigureScale::Standard:
      return "standard";
    case FigureScale::Paper:
      return "paper";
  }
  return "";
}

std::optional<FigureScale> findScale(std::string_view wanted) {
  const auto* scale = std::ranges::find_if(kScales, [&](FigureScale s) { return name(s) == wanted; });
  return scale == kScales.end() ? std::nullopt : std::optional(*scale);
}

std::span<const Figure> figures() {
  static const std::vector<Figure> all{kFigure2,   kFigure3,   kFigure4,          kGrowth,       kFigure6,
                                       kPruneRate, kThreshold, kResnet34Cifar100, kImagenetTable};
  return all;
}

const Figure* findFigure(std::string_view wanted) {
  for (const Figure& figure : figures())
    if (figure.name == wanted) return &figure;
  return nullptr;
}

Result<FigureGrid> makeFigure(const Figure& figure, FigureScale scale, int seeds) {
  if (std::ranges::find(figure.scales, scale) != figure.scales.end()) return figure.make(figure, scale, seeds);
  return Problem{"scale", fmt::format("{} has no scale \"{}\": {} would be right", figure.name, name(scale),
                                      scaleNames(figure))};
}

std::string scaleNames(const Figure& figure) {
  std::string names;
  for (const FigureScale s : figure.scales) names += fmt::format("{}{}", names.empty() ? "" : " or ", name(s));
  return names;
}

Place placeOf(const Cell& cell) {
  const auto& labels = cell.labels;
  return labels.size() == 2 ? Place{labels[1], {}, labels[0]} : Place{labels[2], labels[1], labels[0]};
}

}  // namespace lab
