#include "interrupts.h"

#include "terminal.h"

#include "exit_codes.h"

#include <pthread.h>

namespace lab::cli {

namespace {

constexpr int kEndWaiting = SIGUSR2;  ///< wakes the waiting thread when it is no longer needed

sigset_t signalSet(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  const sigset_t blocked = signalSet({SIGINT, SIGTERM, SIGUSR1, kEndWaiting});
  pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  waiter_ = std::thread([this] { wait(); });
}

Interrupts::~Interrupts() {
  pthread_kill(waiter_.native_handle(), kEndWaiting);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int Interrupts::exitCode(bool checkpointed) const {
  return signal_ == SIGINT || !checkpointed ? 128 + signal_ : static_cast<int>(ExitCode::Requeue);
}

void Interrupts::wait() {
  const sigset_t awaited = signalSet({SIGINT, SIGTERM, SIGUSR1, kEndWaiting});
  int signal = 0;
  sigwait(&awaited, &signal);
  if (signal == kEndWaiting) return;
  signal_ = signal;
  say("\nstopping; once more to end at once");
  stop_.request_stop();
  const sigset_t deadly = signalSet({SIGINT, SIGTERM, SIGUSR1});
  pthread_sigmask(SIG_UNBLOCK, &deadly, nullptr);
  const sigset_t end = signalSet({kEndWaiting});
  sigwait(&end, &signal);
}

}  // namespace lab::cli
