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

class CpuDevice final : public Device {
 public:
  bool isGpu() const override { return false; }
  std::unique_ptr<Scope> enter() override { return std::make_unique<Scope>(); }

  void launch(const Kernel& kernel, int64_t blocks) override {
    std::visit(
        [&](const auto& work) {
          typename std::decay_t<decltype(work)>::Shared shared;
          HostTeam team;
          for (int64_t block = 0; block < blocks; ++block) work(team, block, shared);
        },
        kernel);
  }

  void upload(void* to, const void* from, size_t bytes) override { std::memcpy(to, from, bytes); }
  void download(void* to, const void* from, size_t bytes) override { std::memcpy(to, from, bytes); }
  void downloadInOrder(void* to, const void* from, size_t bytes) override { std::memcpy(to, from, bytes); }
  void awaitDownloads() override {}
  std::unique_ptr<Mark> mark() override { return std::make_unique<Done>(waits_); }

  std::shared_ptr<std::byte> pinned(size_t bytes) override {
    return {new std::byte[bytes], std::default_delete<std::byte[]>()};
  }

  std::unique_ptr<Replay> record(const std::function<void()>& work) override {
    ++recordings_;
    return std::make_unique<Again>(work);
  }
};

}  // namespace

std::unique_ptr<Device> cpuDevice() { return std::make_unique<CpuDevice>(); }

}  // namespace lab::cuda
