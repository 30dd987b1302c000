#pragma once
// The end of a run on the command line: what run and resume print and return.

#include "interrupts.h"

#include "store/run_writer.h"
#include "training/run_observer.h"

namespace lab::cli {

/// Prints the result, complains of a failure, and returns the exit code. `writer` may be null: not recorded.
int tellEnd(const RunResult& result, const RunWriter* writer, const Interrupts& interrupts, bool json);

}  // namespace lab::cli
