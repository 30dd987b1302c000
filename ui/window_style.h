#pragma once
// The look of what the window adds to the theme's own style sheet.

#include "theme.h"

#include <QString>

namespace lab::ui {

QString windowStyle(const Theme& theme);

}  // namespace lab::ui
