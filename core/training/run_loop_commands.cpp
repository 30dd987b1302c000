// How a run under way obeys commands. They bind between spans; each applied change is an event of the record.

#include "parameters/config_builder.h"
#include "parameters/parameter_table.h"
#include "training/run_loop.h"

#include <fmt/format.h>

namespace lab {

void RunLoop::tell(std::string kind, std::string message) {
  observer_.onEvent({step_, epochNow(), std::move(kind), {}, {}, {}, std::move(message)});
}

void RunLoop::obeyCommands() {
  for (const Command& command : commands_.take()) std::visit([this](const auto& c) { obey(c); }, command);
  if (snapshotWanted_) snapshot();
  if (mode_ == Mode::Paused && !stopped()) pauseUntilResumed();
  if (checkpointDue()) checkpoint();
}

void RunLoop::pauseUntilResumed() {
  tell("pause", fmt::format("paused at step {}", step_));
  checkpoint();
  while (mode_ == Mode::Paused && !stopped()) {
    commands_.wait();
    for (const Command& command : commands_.take()) std::visit([this](const auto& c) { obey(c); }, command);
    if (snapshotWanted_) snapshot();
  }
  if (!stopped()) tell("resume", fmt::format("resumed at step {}", step_));
}

void RunLoop::obey(const Pause&) { mode_ = Mode::Paused; }

void RunLoop::obey(const Resume&) { mode_ = Mode::Running; }

void RunLoop::obey(const StepOneUpdate&) { mode_ = Mode::UntilUpdate; }

void RunLoop::obey(const Stop&) {
  if (stopRequested_) return;
  stopRequested_ = true;
  tell("stop", fmt::format("stopped at step {}", step_));
  checkpointWanted_ = true;
}

void RunLoop::obey(const TakeSnapshot&) { snapshotWanted_ = true; }

void RunLoop::obey(const SetParameter& change) {
  const auto refuse = [&](const std::string& why) {
    observer_.onEvent({step_, epochNow(), "warning", change.key, {}, change.value, why});
  };
  const Parameter* parameter = findParameter(change.key);
  if (parameter == nullptr || parameter->takesEffect == TakesEffect::NewRun)
    return refuse(fmt::format("{} cannot be changed during a run", change.key));
  Config next = config_;
  next.batch_size = pendingBatch_;
  const std::string from = valueText(next, *parameter);
  Problems problems = setFromText(next, *parameter, change.value);
  if (problems.empty()) problems = validate(next);
  if (!problems.empty()) return refuse(describe(problems));
  const std::string to = valueText(next, *parameter);
  if (to == from) return;

  pendingBatch_ = next.batch_size;
  next.batch_size = config_.batch_size;
  config_ = next;
  const char* when = parameter->takesEffect == TakesEffect::NextEpoch ? " from the next epoch on" : "";
  observer_.onEvent({step_, epochNow(), "change", std::string(parameter->key), from, to,
                     fmt::format("{} {} → {}{}", parameter->label, from, to, when)});
}

void RunLoop::snapshot() {
  collectAll();
  snapshotWanted_ = false;
  auto moment = std::make_shared<MaskSnapshot>();
  moment->update = tracker_.updates();
  moment->step = step_;
  moment->state = engine_.state();
  for (size_t l = 0; l < tracker_.layerCount(); ++l) {
    moment->active.push_back(tracker_.active(l));
    moment->explored.push_back(tracker_.explored(l));
    moment->layers.push_back(tracker_.layer(l));
    std::vector<int64_t> since;
    std::vector<uint8_t> lives;
    forEachOne(tracker_.active(l), [&](int64_t i) {
      since.push_back(tracker_.aliveSince(l, i));
      lives.push_back(tracker_.lives(l, i));
    });
    moment->aliveSince.push_back(std::move(since));
    moment->lives.push_back(std::move(lives));
  }
  observer_.onSnapshot(std::move(moment));
}

}  // namespace lab
