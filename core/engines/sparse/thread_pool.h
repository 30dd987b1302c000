#pragma once
// The threads of one engine. They wait for work spinning for a moment, because a training step hands out work
// every few microseconds, and then sleeping. With one thread there is no pool: work is called directly.

#include "engines/sparse/kernels.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace lab::sparse {

class ThreadPool {
 public:
  explicit ThreadPool(int threads);  ///< threads >= 1, the caller's own included
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// body(thread) for every thread 0 .. threads() - 1, and waits for all of them.
  template <class Body>
  void run(const Body& body) {
    if (workers_.empty()) return body(0);
    runAll([](const void* b, int thread) { (*static_cast<const Body*>(b))(thread); }, &body);
  }

  /// body(thread, range) with 0 .. count dealt in even, contiguous ranges whose borders are multiples of `unit`.
  template <class Body>
  void forRange(int64_t count, int64_t unit, const Body& body) {
    const int64_t units = (count + unit - 1) / unit;
    run([&](int thread) {
      const auto border = [&](int t) { return std::min(count, units * t / threads() * unit); };
      body(thread, Range{border(thread), border(thread + 1)});
    });
  }

 private:
  using Task = void (*)(const void* body, int thread);
  void runAll(Task task, const void* body);
  void work(int thread);

  Task task_ = nullptr;
  const void* body_ = nullptr;
  bool stopping_ = false;
  alignas(64) std::atomic<uint32_t> round_{0};  ///< a new value: there is work, or the end
  alignas(64) std::atomic<int> busy_{0};        ///< workers that have not finished the round
  std::vector<std::thread> workers_;
};

}  // namespace lab::sparse
