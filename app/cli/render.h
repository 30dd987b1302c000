#pragma once
// Pictures are drawn by the window's own code: the sibling program itoplab-gui, without a display.

#include <filesystem>
#include <string>
#include <string_view>

namespace lab::cli {

/// Draws FIGURE.png and FIGURE.svg from the files in `folder`. Returns why they were not drawn; empty when they
/// were.
std::string renderFigure(std::string_view figure, const std::filesystem::path& folder);

}  // namespace lab::cli
