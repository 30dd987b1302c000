#pragma once
// What the engine asks of the machine that it trains on. There are two: an NVIDIA GPU, and the processor, which runs the
// same kernels one block after the other and so proves everything but the hardware.

#include "engines/cuda/kernels/all_kernels.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace lab::cuda {

/// A point in the work of a device.
class Mark {
 public:
  virtual ~Mark() = default;
  virtual void wait() = 0;  ///< until everything before it is done; of any thread
};

/// Work that was recorded once and can be repeated.
class Replay {
 public:
  virtual ~Replay() = default;
  virtual void run() = 0;
};

/// Used by one thread at a time.
class Device {
 public:
  virtual ~Device() = default;

  virtual bool isGpu() const = 0;

  /// LibTorch's work of this thread goes to the device's stream as long as the result lives.
  class Scope {
   public:
    virtual ~Scope() = default;
  };
  virtual std::unique_ptr<Scope> enter() = 0;

  /// Work is done in the order in which it is given, and not waited for: kernels, uploads and LibTorch's operations.
  virtual void launch(const Kernel& kernel, int64_t blocks) = 0;
  virtual void upload(void* to, const void* from, size_t bytes) = 0;  ///< `from`: memory of pinned()

  /// Downloads wait for what was given before them, but what is given later does not wait for them.
  virtual void download(void* to, const void* from, size_t bytes) = 0;  ///< `to`: memory of pinned()
  virtual void downloadInOrder(void* to, const void* from, size_t bytes) = 0;  ///< as everything else; for a few bytes
  /// What is given from now on waits for all downloads so far, because it overwrites what they read.
  virtual void awaitDownloads() = 0;

  virtual std::unique_ptr<Mark> mark() = 0;  ///< after everything given so far, downloads included

  /// Host memory that the device reads and writes by itself, kernels included. Throws c10::OutOfMemoryError.
  virtual std::shared_ptr<std::byte> pinned(size_t bytes) = 0;

  /// Records `work` without doing it: a function of device memory alone, that has been done once before.
  virtual std::unique_ptr<Replay> record(const std::function<void()>& work) = 0;

  /// Memory that can be had now, in bytes; nothing: more than anybody asks for.
  virtual std::optional<int64_t> freeBytes() { return {}; }

  /// Gives back what LibTorch keeps for later. Not while work is recorded.
  virtual void releaseUnused() {}

  int64_t waits() const { return waits_; }        ///< of the host for the device
  int64_t recordings() const { return recordings_; }

 protected:
  std::atomic<int64_t> waits_ = 0, recordings_ = 0;  // marks are waited for by other threads, too
};

}  // namespace lab::cuda
