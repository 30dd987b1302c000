#pragma once
// The processor as a device whose kernels are run as a GPU runs them: a block by many threads that meet at barriers, and
// several blocks at once. What a team of one thread cannot show, a missing barrier or a sum over threads, shows here.

#include "engines/cuda/cpu_device.h"

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

namespace lab::test {

class ThreadedTeam {
 public:
  static constexpr int kThreads = 4;
  ThreadedTeam(int thread, std::barrier<>& barrier) : thread_(thread), barrier_(barrier) {}

  int thread() const { return thread_; }
  void sync() const { barrier_.arrive_and_wait(); }
  template <class Number>
  void add(Number* to, Number value) const {
    std::atomic_ref(*to).fetch_add(value);
  }
  void setBits(uint64_t* word, uint64_t bits) const { std::atomic_ref(*word).fetch_or(bits); }

 private:
  int thread_;
  std::barrier<>& barrier_;
};

class ThreadedDevice final : public cuda::CpuDevice {
 public:
  static constexpr int kBlocksAtOnce = 2;

  void launch(const cuda::Kernel& kernel, int64_t blocks) override {
    std::visit(
        [&](const auto& work) {
          std::vector<std::jthread> places;
          for (int first = 0; first < kBlocksAtOnce; ++first)
            places.emplace_back([&work, first, blocks] { runBlocks(work, first, blocks); });
        },
        kernel);
  }

 private:
  template <class Work>
  static void runBlocks(const Work& work, int64_t first, int64_t blocks) {
    typename Work::Shared shared;
    std::barrier<> barrier(ThreadedTeam::kThreads);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < ThreadedTeam::kThreads; ++thread)
      threads.emplace_back([&, thread] {
        ThreadedTeam team(thread, barrier);
        for (int64_t block = first; block < blocks; block += kBlocksAtOnce) {
          work(team, block, shared);
          team.sync();  // the next block finds the shared memory free
        }
      });
  }
};

}  // namespace lab::test
