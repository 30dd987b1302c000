#include "training/run_commands.h"

#include <utility>

namespace lab {

void RunCommands::send(Command command) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(command));
  }
  arrived_.notify_all();
}

std::vector<Command> RunCommands::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void RunCommands::wait() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return !waiting_.empty(); });
}

}  // namespace lab
