#include "engines/cuda/failures.h"

#include "run_error.h"

#include <c10/util/Exception.h>

#include <mutex>

namespace lab::cuda {

namespace {

std::mutex mutex;
std::string failure;

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

[[noreturn]] void fail(const std::string& what) {
  const std::string reason =
      "the GPU failed (" + firstLine(what) + "): start the program again, and `itoplab resume` goes on from the newest "
      "checkpoint";
  const std::lock_guard lock(mutex);
  failure = "the GPU has failed in this program (" + firstLine(what) + "): start it again";
  throw RunError(ExitCode::Internal, reason);
}

}  // namespace

void rethrowTyped() {
  try {
    throw;
  } catch (const c10::OutOfMemoryError& error) {
    throw RunError(ExitCode::OutOfMemory, "the GPU has not enough memory (" + firstLine(error.what_without_backtrace()) +
                                              "): a smaller batch_size or precision bfloat16 would need less");
  } catch (const c10::AcceleratorError& error) {
    fail(error.what_without_backtrace());
  } catch (const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    if (what.find("CUDA error") != std::string::npos) fail(what);
    throw RunError(ExitCode::Internal, "LibTorch refused: " + firstLine(what));
  }
}

std::string deviceFailure() {
  const std::lock_guard lock(mutex);
  return failure;
}

}  // namespace lab::cuda
