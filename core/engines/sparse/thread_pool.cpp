#include "engines/sparse/thread_pool.h"

namespace lab::sparse {

namespace {

constexpr int kSpins = 4000;  // about 40 µs: longer than the serial parts of a step

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

/// Returns once `value` differs from `old`.
template <class T>
T awaitChange(const std::atomic<T>& value, T old) {
  for (int i = 0; i < kSpins; ++i) {
    if (const T now = value.load(std::memory_order_acquire); now != old) return now;
    pause();
  }
  value.wait(old, std::memory_order_acquire);
  return value.load(std::memory_order_acquire);
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  for (int t = 1; t < threads; ++t) workers_.emplace_back([this, t] { work(t); });
}

ThreadPool::~ThreadPool() {
  stopping_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::runAll(Task task, const void* body) {
  task_ = task;
  body_ = body;
  busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  task(body, 0);
  for (int left = busy_.load(std::memory_order_acquire); left != 0;) left = awaitChange(busy_, left);
}

void ThreadPool::work(int thread) {
  for (uint32_t round = 0;;) {
    round = awaitChange(round_, round);
    if (stopping_) return;
    task_(body_, thread);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

}  // namespace lab::sparse
