#pragma once

#include "engines/cuda/device.h"

namespace lab::cuda {

/// The processor as a device: work is done at once, by the kernels and operations that a GPU gets.
class CpuDevice : public Device {
 public:
  bool isGpu() const override { return false; }
  std::unique_ptr<Scope> enter() override { return std::make_unique<Scope>(); }
  void launch(const Kernel& kernel, int64_t blocks) override;
  void upload(void* to, const void* from, size_t bytes) override;
  void download(void* to, const void* from, size_t bytes) override;
  void downloadInOrder(void* to, const void* from, size_t bytes) override;
  void awaitDownloads() override {}
  std::unique_ptr<Mark> mark() override;
  std::shared_ptr<std::byte> pinned(size_t bytes) override;
  std::unique_ptr<Replay> record(const std::function<void()>& work) override;
};

std::unique_ptr<Device> cpuDevice();

}  // namespace lab::cuda
