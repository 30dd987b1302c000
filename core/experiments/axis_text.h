#pragma once
// Axes of a sweep as people write them, on the command line and in the window.

#include "experiments/sweep.h"

#include <string_view>

namespace lab {

/// The values of one parameter:
///   10,30,100            these; separated by ; where values hold commas themselves ("300,100;" is one)
///   1..1000/4            so many from one to the other, both included, spaced as the parameter's slider is
///   random:1..1000/8     so many drawn from that range, spaced likewise; the same text draws the same values
/// Whole-number parameters take the nearest whole numbers, each once. Problems name the text and what would be
/// right; values out of the parameter's range are found when the grid is made.
Result<Axis> parseAxis(std::string_view key, std::string_view values);

/// "update_interval=10,30": key and values. Problems as above.
Result<Axis> parseAxis(std::string_view text);

}  // namespace lab
