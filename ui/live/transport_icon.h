#pragma once
// The signs on the buttons of the time scrubber, in one colour.

#include <QIcon>

namespace lab::ui {

enum class Transport { Play, Pause, Back, Forward, End, Flag };

QIcon transportIcon(Transport sign, const QColor& colour, const QColor& disabled);

}  // namespace lab::ui
