#pragma once
// How the curves of several runs are told apart: seven colours that colour-blind eyes keep apart, then dashes.

#include "theme.h"

#include <QIcon>
#include <QPen>

namespace lab::ui {

QColor seriesColour(size_t index, const Theme& theme);
QPen seriesPen(size_t index, const Theme& theme, double width);
/// A short piece of the curve, for tables.
QIcon seriesIcon(size_t index, const Theme& theme);

}  // namespace lab::ui
