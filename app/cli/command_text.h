#pragma once
// The command line as it was typed, for the record of a run.

#include <string>

namespace lab::cli {

void rememberCommandLine(int argc, const char* const* argv);

/// Quoted so that a shell reads it back.
const std::string& commandLineText();

}  // namespace lab::cli
