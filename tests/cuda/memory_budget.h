#pragma once
// The processor's memory as if there were less of it: LibTorch's allocations are counted and refused as a GPU's are.

#include "engines/cuda/cpu_device.h"

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace lab::test {

/// While it lives, LibTorch's memory on the processor comes from here. One at a time; tensors made meanwhile may outlive
/// it.
class MemoryBudget final : public c10::Allocator {
 public:
  static constexpr size_t kPlenty = std::numeric_limits<size_t>::max();

  MemoryBudget() : inner_(c10::GetAllocator(c10::kCPU)) {
    free_ = inner_->raw_deleter();
    c10::SetAllocator(c10::kCPU, this);
  }
  ~MemoryBudget() override { c10::SetAllocator(c10::kCPU, inner_); }

  void setLimit(size_t bytes) { limit_ = bytes; }
  void refuseAfter(int allocations) { refuseAfter_ = allocations; }  ///< one, once
  void resetPeak() { peak_ = live_; }
  size_t live() const { return live_; }
  size_t peak() const { return peak_; }  ///< since resetPeak()
  int refused() const { return refused_; }
  int allocations() const { return allocations_; }

  c10::DataPtr allocate(size_t bytes) override {
    ++allocations_;
    const bool once = refuseAfter_ && (*refuseAfter_)-- == 0;
    if (once) refuseAfter_.reset();
    if (once || live_ + bytes > limit_) {
      ++refused_;
      TORCH_CHECK_WITH(OutOfMemoryError, false, "tried to allocate ", bytes, " bytes of ", limit_);
    }
    live_ += bytes;
    peak_ = std::max(peak_, live_);
    void* const data = inner_->raw_allocate(bytes);
    if (data != nullptr) sizes()[data] = bytes;
    return {data, data, &release, c10::Device(c10::kCPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, size_t bytes) const override { default_copy_data(to, from, bytes); }

 private:
  /// By address, because LibTorch wants a piece's context to be the piece itself.
  static std::map<void*, size_t>& sizes() {
    static std::map<void*, size_t> all;
    return all;
  }

  static void release(void* data) {
    if (const auto piece = sizes().find(data); piece != sizes().end()) {
      live_ -= piece->second;
      sizes().erase(piece);
    }
    free_(data);
  }

  static inline c10::DeleterFnPtr free_ = nullptr;
  static inline size_t live_ = 0;
  c10::Allocator* inner_;
  size_t limit_ = kPlenty, peak_ = 0;
  std::optional<int> refuseAfter_;
  int refused_ = 0, allocations_ = 0;
};

/// The processor as a device that tells how much memory is free and whether it was asked to give some back.
class SmallDevice final : public cuda::Device {
 public:
  std::optional<int64_t> free;  ///< what it says
  int released = 0;

  bool isGpu() const override { return false; }
  std::unique_ptr<Scope> enter() override { return inner_->enter(); }
  void launch(const cuda::Kernel& kernel, int64_t blocks) override { inner_->launch(kernel, blocks); }
  void upload(void* to, const void* from, size_t bytes) override { inner_->upload(to, from, bytes); }
  void download(void* to, const void* from, size_t bytes) override { inner_->download(to, from, bytes); }
  void downloadInOrder(void* to, const void* from, size_t bytes) override { inner_->downloadInOrder(to, from, bytes); }
  void awaitDownloads() override { inner_->awaitDownloads(); }
  std::unique_ptr<cuda::Mark> mark() override { return inner_->mark(); }
  std::shared_ptr<std::byte> pinned(size_t bytes) override { return inner_->pinned(bytes); }
  std::unique_ptr<cuda::Replay> record(const std::function<void()>& work) override {
    ++recordings_;
    return inner_->record(work);
  }
  std::optional<int64_t> freeBytes() override { return free; }
  void releaseUnused() override { ++released; }

 private:
  std::unique_ptr<cuda::Device> inner_ = cuda::cpuDevice();
};

}  // namespace lab::test
