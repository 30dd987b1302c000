#pragma once
// What can go wrong on a GPU as the failures that a run ends with: each has an exit code and a sentence of its own.

#include <functional>
#include <string>

namespace lab::cuda {

/// Turns the exception in flight into a RunError: out of memory, or a device that failed. Others pass unchanged.
[[noreturn]] void rethrowTyped();

/// After a device has failed, CUDA refuses all further work of the process: why; empty while it works.
std::string deviceFailure();

template <class Work>
auto withTypedFailures(Work&& work) {
  try {
    return work();
  } catch (...) {
    rethrowTyped();
  }
}

}  // namespace lab::cuda
