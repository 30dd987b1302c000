#pragma once
// Runs that go in lock-step: each is driven by a thread of its own, which hands in work and waits for it, while one
// thread of the group does the work on the device. A step is carried out once every run that is left has work, so that
// all take it at once; everything else is done as soon as its turn has come in its own run.

#include "engines/cuda/packed_runs.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace lab::cuda {

/// The end of a span. `empty`: it had no steps.
struct SpanEnd {
  Flight* flight = nullptr;
  bool empty = false;
};

struct WholeSplit {
  Split split = Split::Test;
  Flight* flight = nullptr;
};

/// Anything else that concerns one run only.
using RunTask = std::function<void(PackedRuns&)>;

using RunWork = std::variant<RunStep, FlightUpdate, SpanEnd, WholeSplit, RunTask>;

class PackedGroup {
 public:
  explicit PackedGroup(std::unique_ptr<PackedRuns> runs);
  ~PackedGroup();

  /// Work of a run, after all that it has given before; returns the number of the last piece. What it points to stays
  /// until it is carried out or the run has left. Throws what went wrong with the run before.
  uint64_t give(int64_t run, std::vector<RunWork> works);

  /// Until that piece of work is carried out, which on a device means that its marks are set. Throws what went wrong.
  void await(int64_t run, uint64_t number);

  /// The run gives up what is not carried out yet, and the others go on without it. Afterwards the device touches
  /// nothing that belongs to the run.
  void leave(int64_t run);

  /// What the group has done about memory since this run asked last, a sentence each.
  std::vector<std::string> takeRemarks(int64_t run);

  /// For what may be read by any thread.
  const PackedRuns& runs() const { return *runs_; }
  Device& device() { return runs_->device(); }

 private:
  struct Member {
    std::deque<RunWork> queue;
    uint64_t given = 0, carriedOut = 0;
    int64_t steps = 0;
    bool left = false;  ///< or failed
    std::exception_ptr failure;
    std::vector<std::string> remarks;
  };

  /// What is carried out without the lock: a burst, an evaluation, or what runs do alone.
  struct Round {
    Burst burst;
    std::optional<Split> split;
    std::vector<std::pair<int64_t, RunWork>> works;
    std::vector<uint64_t> pieces;  ///< [run]: how many it contains
    std::vector<std::exception_ptr> failures;  ///< [run]
    explicit Round(size_t runs) : pieces(runs), failures(runs) {}
    bool empty() const { return burst.steps.empty() && works.empty(); }
  };

  void serve();
  void finish(Round& round);

  Round nextRound();
  void take(int64_t run, Round& round);
  void takeSteps(Round& round);
  int64_t leader() const;
  bool allHave(bool (*work)(const RunWork&)) const;

  void carryOut(Round& round);
  void carryOutAlone(Round& round);
  void carryOutTask(int64_t run, RunWork& work);

  std::unique_ptr<PackedRuns> runs_;
  std::mutex mutex_;
  std::condition_variable given_, carriedOut_;
  std::vector<Member> members_;
  bool busy_ = false;  ///< a round is being carried out
  bool ended_ = false;
  std::thread server_;
};

}  // namespace lab::cuda
