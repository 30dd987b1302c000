#pragma once
// Ctrl+C asks politely first: the run stops at the next span and its rows are flushed. A second one ends the
// program.

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace lab::cli {

/// While it lives, the first SIGINT or SIGTERM requests a stop; the second has its usual effect. To be made before
/// other threads are, so that they inherit the blocked signals.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  bool requested() const { return signal_ != 0; }
  int exitCode() const { return 128 + signal_; }  ///< once requested

 private:
  void wait();

  std::stop_source stop_;
  std::atomic<int> signal_ = 0;
  sigset_t before_{};
  std::thread waiter_;
};

}  // namespace lab::cli
