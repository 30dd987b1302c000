#pragma once
// The signs on small buttons, in one colour.

#include <QIcon>

namespace lab::ui {

enum class Sign { Play, Pause, Back, Forward, End, Flag, Enlarge, More };

QIcon signIcon(Sign sign, const QColor& colour, const QColor& disabled);

}  // namespace lab::ui
