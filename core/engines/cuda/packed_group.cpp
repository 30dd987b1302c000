#include "engines/cuda/packed_group.h"

#include "engines/cuda/failures.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <utility>

namespace lab::cuda {

namespace {

bool isStep(const RunWork& work) { return std::holds_alternative<RunStep>(work); }
bool isSplit(const RunWork& work) { return std::holds_alternative<WholeSplit>(work); }
bool isTogether(const RunWork& work) { return isStep(work) || isSplit(work); }

}  // namespace

PackedGroup::PackedGroup(std::unique_ptr<PackedRuns> runs)
    : runs_(std::move(runs)), members_(static_cast<size_t>(runs_->runs())), server_([this] { serve(); }) {}

PackedGroup::~PackedGroup() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  given_.notify_all();
  server_.join();
}

uint64_t PackedGroup::give(int64_t run, std::vector<RunWork> works) {
  const std::lock_guard lock(mutex_);
  Member& member = members_[static_cast<size_t>(run)];
  if (member.failure != nullptr) std::rethrow_exception(member.failure);
  for (RunWork& work : works) member.queue.push_back(std::move(work));
  member.given += works.size();
  given_.notify_one();
  return member.given;
}

void PackedGroup::await(int64_t run, uint64_t number) {
  std::unique_lock lock(mutex_);
  const Member& member = members_[static_cast<size_t>(run)];
  carriedOut_.wait(lock, [&] { return member.carriedOut >= number || member.failure != nullptr; });
  if (member.carriedOut < number) std::rethrow_exception(member.failure);
}

void PackedGroup::leave(int64_t run) {
  std::shared_ptr<Mark> mark;
  std::unique_lock lock(mutex_);
  Member& member = members_[static_cast<size_t>(run)];
  carriedOut_.wait(lock, [&] { return !busy_; });
  member.queue.clear();
  member.left = true;
  member.queue.push_back(RunTask([&](PackedRuns& runs) { mark = runs.device().mark(); }));
  given_.notify_one();
  carriedOut_.wait(lock, [&] { return member.queue.empty() && !busy_; });
  lock.unlock();
  if (mark != nullptr) mark->wait();
}

void PackedGroup::serve() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    Round round = nextRound();
    if (round.empty()) {
      given_.wait(lock);
      continue;
    }
    busy_ = true;
    lock.unlock();
    carryOut(round);
    lock.lock();
    busy_ = false;
    finish(round);
    carriedOut_.notify_all();
  }
}

std::vector<std::string> PackedGroup::takeRemarks(int64_t run) {
  const std::lock_guard lock(mutex_);
  return std::exchange(members_[static_cast<size_t>(run)].remarks, {});
}

void PackedGroup::finish(Round& round) {
  for (const std::string& remark : runs_->takeRemarks())
    for (Member& member : members_) member.remarks.push_back(remark);
  for (size_t run = 0; run < members_.size(); ++run) {
    Member& member = members_[run];
    if (round.failures[run] == nullptr) {
      member.carriedOut += round.pieces[run];
      continue;
    }
    member.failure = round.failures[run];
    member.queue.clear();
    member.left = true;  // the others do not wait for it
  }
}

bool PackedGroup::allHave(bool (*work)(const RunWork&)) const {
  bool any = false;
  for (const Member& member : members_) {
    if (member.left) continue;
    if (member.queue.empty() || !work(member.queue.front())) return false;
    any = true;
  }
  return any;
}

void PackedGroup::take(int64_t run, Round& round) {
  Member& member = members_[static_cast<size_t>(run)];
  round.works.emplace_back(run, std::move(member.queue.front()));
  member.queue.pop_front();
  ++round.pieces[static_cast<size_t>(run)];
}

PackedGroup::Round PackedGroup::nextRound() {
  Round round(members_.size());
  const auto takeAll = [&](const auto& wanted) {
    for (size_t run = 0; run < members_.size(); ++run)
      if (const auto& queue = members_[run].queue; !queue.empty() && wanted(queue.front()))
        take(static_cast<int64_t>(run), round);
  };
  takeAll([](const RunWork& work) { return !isTogether(work); });
  if (!round.works.empty() || !allHave(isTogether)) return round;
  // Runs that evaluate at the same moment do it together; those that do not wait for them.
  takeAll([&](const RunWork& work) {
    if (!isSplit(work)) return false;
    const Split split = std::get<WholeSplit>(work).split;
    if (!round.split) round.split = split;
    return split == *round.split;
  });
  if (round.works.empty()) takeSteps(round);
  return round;
}

/// The run that is furthest behind. Precondition: all have steps.
int64_t PackedGroup::leader() const {
  const Member* best = nullptr;
  for (const Member& member : members_)
    if (!member.left && (best == nullptr || member.steps < best->steps)) best = &member;
  return best - members_.data();
}

/// As many steps as there are on batches of one size. A run whose next batch has another size is idle until its size
/// comes: so every batch is computed with as many samples as it has, whoever else is there.
void PackedGroup::takeSteps(Round& round) {
  const auto next = [](const Member& member) -> const RunStep& { return std::get<RunStep>(member.queue.front()); };
  const auto sizeOf = [&](const Member& member) { return static_cast<int64_t>(next(member).samples.size()); };
  Burst& burst = round.burst;
  burst.batch = sizeOf(members_[static_cast<size_t>(leader())]);
  for (int64_t left = runs_->mostSteps(burst.batch); left > 0 && allHave(isStep); --left) {
    if (sizeOf(members_[static_cast<size_t>(leader())]) != burst.batch) return;
    for (size_t run = 0; run < members_.size(); ++run) {
      Member& member = members_[run];
      burst.steps.emplace_back();
      if (member.left || sizeOf(member) != burst.batch) continue;
      burst.steps.back() = next(member);
      member.queue.pop_front();
      ++member.steps;
      ++round.pieces[run];
    }
  }
}

void PackedGroup::carryOut(Round& round) {
  try {
    withTypedFailures([&] {
      const c10::InferenceMode noAutograd;
      const auto scope = runs_->device().enter();
      if (!round.burst.steps.empty()) return runs_->train(round.burst);
      if (!round.split) return carryOutAlone(round);
      uint64_t evaluating = 0;
      for (const auto& [run, work] : round.works) evaluating |= uint64_t{1} << run;
      runs_->evaluate(*round.split, evaluating);
      for (const auto& [run, work] : round.works) runs_->readOut(run, *std::get<WholeSplit>(work).flight);
      const std::shared_ptr<Mark> mark = runs_->device().mark();
      for (const auto& [run, work] : round.works) std::get<WholeSplit>(work).flight->done = mark;
    });
  } catch (...) {
    // All who took part, for none of them knows how far it came.
    for (size_t run = 0; run < members_.size(); ++run)
      if (round.pieces[run] > 0) round.failures[run] = std::current_exception();
  }
}

void PackedGroup::carryOutAlone(Round& round) {
  std::vector<FlightUpdate> updates;
  for (const auto& [run, work] : round.works)
    if (const auto* update = std::get_if<FlightUpdate>(&work); update != nullptr && runs_->servesOnDevice(update->plan))
      updates.push_back(*update);
  runs_->update(updates);
  std::vector<Flight*> read;
  for (auto& [run, work] : round.works) {
    try {
      withTypedFailures([&, at = run, &what = work] { carryOutTask(at, what); });
    } catch (...) {
      round.failures[static_cast<size_t>(run)] = std::current_exception();
      continue;
    }
    if (const auto* end = std::get_if<SpanEnd>(&work)) read.push_back(end->flight);
  }
  if (read.empty()) return;
  const std::shared_ptr<Mark> mark = runs_->device().mark();
  for (Flight* flight : read) flight->done = mark;
}

/// What nobody else takes part in.
void PackedGroup::carryOutTask(int64_t run, RunWork& work) {
  if (const auto* update = std::get_if<FlightUpdate>(&work)) {
    if (!runs_->servesOnDevice(update->plan)) runs_->updateOnHost(*update);
  } else if (const auto* end = std::get_if<SpanEnd>(&work)) {
    if (end->empty) runs_->restart(uint64_t{1} << run);
    runs_->readOut(run, *end->flight);
  } else {
    std::get<RunTask>(work)(*runs_);
  }
}

}  // namespace lab::cuda
