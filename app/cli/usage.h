#pragma once
// What was wrong with the command line, in a sentence, with the nearest name that exists.

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace lab::cli {

/// Accepts these names only; another is answered with the nearest.
CLI::Validator oneOf(std::vector<std::string> names);

std::string usageMessage(const CLI::App& program, const CLI::ParseError& error);

}  // namespace lab::cli
