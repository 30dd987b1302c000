#include "engines/cuda/cpu_device.h"

#include <cstring>

namespace lab::cuda {

namespace {

class Done final : public Mark {
 public:
  explicit Done(std::atomic<int64_t>& waits) : waits_(waits) {}
  void wait() override { ++waits_; }

 private:
  std::atomic<int64_t>& waits_;
};

class Again final : public Replay {
 public:
  explicit Again(std::function<void()> work) : work_(std::move(work)) {}
  void run() override { work_(); }

 private:
  std::function<void()> work_;
};

}  // namespace

void CpuDevice::launch(const Kernel& kernel, int64_t blocks) {
  std::visit(
      [&](const auto& work) {
        typename std::decay_t<decltype(work)>::Shared shared;
        HostTeam team;
        for (int64_t block = 0; block < blocks; ++block) work(team, block, shared);
      },
      kernel);
}

void CpuDevice::upload(void* to, const void* from, size_t bytes) { std::memcpy(to, from, bytes); }
void CpuDevice::download(void* to, const void* from, size_t bytes) { std::memcpy(to, from, bytes); }
void CpuDevice::downloadInOrder(void* to, const void* from, size_t bytes) { std::memcpy(to, from, bytes); }
std::unique_ptr<Mark> CpuDevice::mark() { return std::make_unique<Done>(waits_); }

std::shared_ptr<std::byte> CpuDevice::pinned(size_t bytes) {
  return {new std::byte[bytes], std::default_delete<std::byte[]>()};
}

std::unique_ptr<Replay> CpuDevice::record(const std::function<void()>& work) {
  ++recordings_;
  return std::make_unique<Again>(work);
}

std::unique_ptr<Device> cpuDevice() { return std::make_unique<CpuDevice>(); }

}  // namespace lab::cuda
