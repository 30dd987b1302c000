#pragma once
// What was wrong with the command line, in a sentence, with the nearest name that exists.

#include <CLI/CLI.hpp>

#include <string>

namespace lab::cli {

std::string usageMessage(const CLI::App& program, const CLI::ParseError& error);

}  // namespace lab::cli
