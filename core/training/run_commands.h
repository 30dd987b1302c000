#pragma once
// Commands to a run under way go in as values from any thread and bind at the next span.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lab {

struct Pause {};
struct Resume {};
struct StepOneUpdate {};  ///< go on until the next topology update has happened, then pause
struct Stop {};
/// Asks for onSnapshot at the next span. Several waiting requests give one snapshot.
struct TakeSnapshot {};
/// Only parameters whose row says NextUpdate or NextEpoch; the value as text, as on the command line.
struct SetParameter {
  std::string key;
  std::string value;
};

using Command = std::variant<Pause, Resume, StepOneUpdate, Stop, TakeSnapshot, SetParameter>;

class RunCommands {
 public:
  void send(Command command);
  std::vector<Command> take();
  /// Blocks until at least one command is there (a paused run waits so).
  void wait();

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Command> waiting_;
};

}  // namespace lab
