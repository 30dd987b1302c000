#pragma once
// The subcommands, one file each.

#include <CLI/CLI.hpp>

#include <functional>

namespace lab::cli {

/// A subcommand that has been added to the program, and what it does once its options are parsed.
/// `act` returns the exit code, or throws RunError with a sentence for the user.
struct Command {
  CLI::App* app = nullptr;
  std::function<int()> act;
};

Command addRun(CLI::App& program);
Command addResume(CLI::App& program);
Command addSweep(CLI::App& program);
Command addReproduce(CLI::App& program);
Command addLs(CLI::App& program);
Command addShow(CLI::App& program);
Command addCompare(CLI::App& program);
Command addVerify(CLI::App& program);
Command addExport(CLI::App& program);
Command addConfig(CLI::App& program);
Command addDatasets(CLI::App& program);
Command addList(CLI::App& program);

}  // namespace lab::cli
