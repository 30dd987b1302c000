#pragma once
// Ctrl+C asks politely first: the run stops at the next span with a checkpoint. A second one ends the program.
// SIGTERM and SIGUSR1 (batch systems send them before time is up) do the same and tell by the exit code that the
// work should be queued again.

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace lab::cli {

/// While it lives, the first SIGINT, SIGTERM or SIGUSR1 requests a stop; the second has its usual effect. To be
/// made before other threads are, so that they inherit the blocked signals.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  bool requested() const { return signal_ != 0; }
  /// Once requested: 130 for Ctrl+C, 75 for the others, or 128 + signal when there is no checkpoint to go on from.
  int exitCode(bool checkpointed = true) const;

 private:
  void wait();

  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  sigset_t before_{};
  std::thread waiter_;
};

}  // namespace lab::cli
