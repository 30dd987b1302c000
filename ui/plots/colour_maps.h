#pragma once
// Sequential colours of even lightness steps: they survive grey printing and every kind of colour blindness.

#include <QColor>
#include <QRgb>

#include <array>

namespace lab::ui {

using ColourTable = std::array<QRgb, 256>;

/// Dark violet over teal to yellow, for time along a trajectory. The light end is cut off on a light background.
const ColourTable& timeColours(bool dark);

/// From the panel's background (nothing there) to a strong blue-green, for densities.
const ColourTable& densityColours(bool dark);

/// Orange for losses over the panel's background (no net change) to blue for gains.
const ColourTable& changeColours(bool dark);

/// The table's colour at `fraction`, clamped to 0..1.
QColor colourAt(const ColourTable& table, double fraction);

}  // namespace lab::ui
