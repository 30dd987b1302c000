#pragma once
// Where things are kept. XDG base directories, overridden by ITOPLAB_HOME and ITOPLAB_DATA.

#include <filesystem>

namespace lab {

std::filesystem::path labHome();   ///< $ITOPLAB_HOME or $XDG_DATA_HOME/itoplab
std::filesystem::path runsFolder(const std::filesystem::path& home);

}  // namespace lab
