#pragma once
// Where things are kept. XDG base directories, overridden by ITOPLAB_HOME.

#include "result.h"

#include <filesystem>

namespace lab {

std::filesystem::path labHome();  ///< $ITOPLAB_HOME, or $XDG_DATA_HOME/itoplab, or ~/.local/share/itoplab
std::filesystem::path runsFolder(const std::filesystem::path& home);

/// Creates `folder` with its parents if need be. Problem: it cannot be created or written, with the system's
/// reason.
Problems makeWritableFolder(const std::filesystem::path& folder);

}  // namespace lab
