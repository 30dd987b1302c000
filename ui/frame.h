#pragma once

namespace lab::ui {

/// Between two drawings of what changes while networks train: 30 a second.
inline constexpr int kFrameMilliseconds = 33;

}  // namespace lab::ui
