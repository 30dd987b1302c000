#pragma once
// The signs on the buttons of the Live page, in one colour.

#include <QIcon>

namespace lab::ui {

enum class Sign { Play, Pause, Back, Forward, End, Flag, Enlarge };

QIcon signIcon(Sign sign, const QColor& colour, const QColor& disabled);

}  // namespace lab::ui
