#pragma once
// Pictures of the window for README and AppStream: of real runs, made by a command and not by hand.

#include "main_window.h"

#include <filesystem>
#include <string>

namespace lab {

/// Writes each page, light and dark, as FOLDER/PAGE-THEME.png, with the stored run open and the figure chosen that the
/// window was given. Returns what went wrong, or nothing.
std::string takeScreenshots(ui::MainWindow& window, const std::filesystem::path& folder);

}  // namespace lab
