#pragma once
// Lets a scripted run go on only as fast as the test hands out steps, so that it neither ends nor floods the
// window while the test does something else.

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace lab::test {

class StepPermits {
 public:
  /// Waits until there is a permit, then uses up so many; what is missing is owed.
  void take(int64_t steps) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_ || left_ > 0; });
    left_ -= steps;
  }

  void grant(int64_t steps) {
    {
      const std::lock_guard lock(mutex_);
      left_ = std::min(left_ + steps, kMost);
    }
    changed_.notify_all();
  }

  /// No limit any more: whoever waits goes on.
  void open() {
    {
      const std::lock_guard lock(mutex_);
      open_ = true;
    }
    changed_.notify_all();
  }

 private:
  static constexpr int64_t kMost = 100;  // so that a run that was paused does not rush on
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t left_ = 0;
  bool open_ = false;
};

}  // namespace lab::test
