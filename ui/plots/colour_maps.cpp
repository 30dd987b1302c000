#include "plots/colour_maps.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lab::ui {

namespace {

/// Linear between equally spaced stops.
ColourTable interpolate(const std::vector<QColor>& stops) {
  ColourTable table{};
  for (size_t i = 0; i < table.size(); ++i) {
    const double at = static_cast<double>(i) / 255.0 * static_cast<double>(stops.size() - 1);
    const size_t below = std::min(static_cast<size_t>(at), stops.size() - 2);
    const double part = at - static_cast<double>(below);
    const auto mix = [part](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * part)); };
    const QColor &a = stops[below], &b = stops[below + 1];
    table[i] = qRgb(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
  }
  return table;
}

}  // namespace

const ColourTable& timeColours(bool dark) {
  static const ColourTable onLight =
      interpolate({0x45145au, 0x443a82u, 0x31688eu, 0x21918cu, 0x3fae6cu, 0x8cc63fu});
  static const ColourTable onDark =
      interpolate({0x5b4a9eu, 0x3f72a8u, 0x2a9aa0u, 0x3dbb74u, 0x9ad33cu, 0xfde725u});
  return dark ? onDark : onLight;
}

const ColourTable& densityColours(bool dark) {
  static const ColourTable onLight =
      interpolate({0xf4f6f8u, 0xcfe3e6u, 0x92c5cfu, 0x4b9db8u, 0x23699au, 0x15305fu});
  static const ColourTable onDark =
      interpolate({0x17191du, 0x1b3346u, 0x1f5570u, 0x2b8590u, 0x6ac2a8u, 0xe8f7dcu});
  return dark ? onDark : onLight;
}

const ColourTable& changeColours(bool dark) {
  static const ColourTable onLight =
      interpolate({0x8f3b00u, 0xd55e00u, 0xf3b98au, 0xf4f6f8u, 0x9ccdeau, 0x2f86c1u, 0x123f73u});
  static const ColourTable onDark =
      interpolate({0xffc08au, 0xf0803cu, 0x7a4322u, 0x17191du, 0x1f4f73u, 0x4fa3dfu, 0xc4e6ffu});
  return dark ? onDark : onLight;
}

QColor colourAt(const ColourTable& table, double fraction) {
  const double clamped = std::isnan(fraction) ? 0 : std::clamp(fraction, 0.0, 1.0);
  return QColor(table[static_cast<size_t>(std::lround(clamped * 255))]);
}

}  // namespace lab::ui
