#include "experiments/figures.h"

#include "experiments/figure3.h"
#include "parameters/parameter_table.h"

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

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass:
      return "pass";
    case Verdict::Fail:
      return "fail";
    case Verdict::Undecided:
      return "undecided";
  }
  return "";
}

std::span<const Figure> figures() {
  static const std::vector<Figure> all{kFigure3};
  return all;
}

const Figure* findFigure(std::string_view wanted) {
  for (const Figure& figure : figures())
    if (figure.name == wanted) return &figure;
  return nullptr;
}

Result<FigureGrid> makeFigure(const Figure& figure, FigureScale scale, int seeds) {
  if (std::ranges::find(figure.scales, scale) != figure.scales.end()) return figure.make(figure, scale, seeds);
  std::string there;
  for (const FigureScale s : figure.scales) there += fmt::format("{}{}", there.empty() ? "" : " or ", name(s));
  return Problem{"scale",
                 fmt::format("{} has no scale \"{}\": {} would be right", figure.name, name(scale), there)};
}

}  // namespace lab
