#include "engines/cuda/packed_runs.h"

#include "engines/cuda/gpu_engine.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace lab::cuda {

PackedRuns::PackedRuns(std::shared_ptr<Device> device, std::span<const EngineSetup> setups, ImagePlace images)
    : device_(std::move(device)),
      data_(setups[0].data),
      layers_(weightLayers(setups[0].network)),
      denseMomentum_(needsDenseMomentum(setups[0].config)),
      arena_(*device_, planArena(setups[0].network, true), setups[0].config.optimizer == kAdam,
             setups[0].config.precision == kBfloat16, static_cast<int64_t>(setups.size())),
      runner_(*device_, arena_, setups[0], denseMomentum_, images),
      topology_(*device_, arena_, denseMomentum_),
      counts_(setups.size()) {}

int64_t PackedRuns::mostSteps(int64_t batch) const {
  return std::max<int64_t>(1, std::min(StepRunner::kMostEntries, runner_.mostSamples() / batch) / runs());
}

void PackedRuns::load(const std::vector<StepEntry>& entries, const std::vector<int32_t>& samples, uint64_t restarting) {
  std::byte* staging = tables_.next(*device_, StepRunner::stagingBytes(entries.size(), samples.size()));
  std::memcpy(staging, entries.data(), entries.size() * sizeof(StepEntry));
  std::memcpy(staging + entries.size() * sizeof(StepEntry), samples.data(), samples.size() * sizeof(int32_t));
  runner_.load(staging, entries.size(), samples.size(), restarting);
}

void PackedRuns::train(const Burst& burst) {
  const auto each = static_cast<size_t>(runs());
  std::vector<StepEntry> entries;
  std::vector<int32_t> samples;
  uint64_t restarting = 0;
  for (size_t i = 0; i < burst.steps.size(); ++i) {
    const RunStep& step = burst.steps[i];
    entries.push_back(step.entry);
    entries.back().firstSample = static_cast<int64_t>(samples.size());
    samples.insert(samples.end(), step.samples.begin(), step.samples.end());
    if (step.begins) restarting |= uint64_t{1} << i % each;
  }
  load(entries, samples, restarting);
  for (size_t first = 0; first < burst.steps.size(); first += each) {
    runner_.run(StepRunner::Kind::Train, Split::Train, burst.batch);
    uint64_t measuring = 0;
    for (size_t run = 0; run < each; ++run) measuring |= uint64_t{burst.steps[first + run].measure} << run;
    if (measuring != 0) runner_.measureGradient(measuring);
  }
}

void PackedRuns::evaluate(Split split, uint64_t evaluating) {
  runner_.withLess([&] { enqueueEvaluation(split, evaluating); });
}

void PackedRuns::enqueueEvaluation(Split split, uint64_t evaluating) {
  const int64_t count = data_->split(split).count, batch = runner_.evaluationBatch();
  std::vector<StepEntry> entries;
  for (int64_t first = 0; first < count; first += batch)
    for (int64_t run = 0; run < runs(); ++run) {
      entries.emplace_back();
      entries.back().firstSample = first;
      entries.back().part = hasRun(evaluating, run) ? Part::Train : Part::Idle;
    }
  std::vector<int32_t> samples;
  for (int64_t i = 0; i < count; ++i) samples.push_back(static_cast<int32_t>(i));
  load(entries, samples, evaluating);
  for (int64_t first = 0; first < count; first += batch)
    runner_.run(StepRunner::Kind::Evaluate, split, std::min(batch, count - first));
}

void PackedRuns::update(std::span<const FlightUpdate> updates) {
  std::map<UpdateForm, std::vector<const FlightUpdate*>> forms;
  for (const FlightUpdate& update : updates) forms[formOf(update.plan)].push_back(&update);
  for (const auto& [form, alike] : forms) {
    std::vector<RunUpdate> together;
    for (const FlightUpdate* one : alike)
      together.push_back({one->run, &one->plan, counts_[static_cast<size_t>(one->run)].active});
    topology_.update(together, updates_.next(*device_, topology_.stagingBytes()));
    for (const FlightUpdate* one : alike) {
      topology_.download(one->flight->changes.of(*device_, topology_.wordBytes()), one->run);
      one->flight->changesOnDevice = true;
    }
  }
}

void PackedRuns::updateOnHost(const FlightUpdate& update) {
  update.flight->event = chooseOnHost(update.plan, *device_, arena_, update.run, layers_, denseMomentum_,
                                      counts_[static_cast<size_t>(update.run)]);
  topology_.exchange(*update.flight->event, updates_.next(*device_, topology_.stagingBytes()), update.run);
}

void PackedRuns::place(int64_t run, const ArenaCopy& copy, TopologyCounts counts) {
  upload(*device_, arena_, copy, run);
  counts_[static_cast<size_t>(run)] = std::move(counts);
}

}  // namespace lab::cuda
