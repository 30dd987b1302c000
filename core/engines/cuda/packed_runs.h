#pragma once
// The device's side of runs that go in lock-step: one arena, one step of all at a time, updates of some. Used by one
// thread. Whatever the others do, a run's numbers are those of a group of the same size in which it is alone.

#include "engines/cuda/flight.h"
#include "engines/cuda/host_topology.h"
#include "engines/cuda/step_runner.h"

#include <vector>

namespace lab::cuda {

/// One step of one run.
struct RunStep {
  StepEntry entry{{}, 0, 0, 0, Part::Idle};  ///< its first sample is set when the step is carried out
  std::span<const int32_t> samples;          ///< none: idle
  bool measure = false;
  bool begins = false;  ///< the first of its span: sums begin anew
};

/// Steps of all runs on batches of one size.
struct Burst {
  int64_t batch = 0;
  std::vector<RunStep> steps;  ///< [step][run]
};

/// A topology update of one run and the flight that it belongs to.
struct FlightUpdate {
  int64_t run = 0;
  TopologyPlan plan;
  Flight* flight = nullptr;
};

class PackedRuns {
 public:
  /// Precondition: packedRefusal() is empty for each pair.
  PackedRuns(std::shared_ptr<Device> device, std::span<const EngineSetup> setups, ImagePlace images);

  Device& device() { return *device_; }
  int64_t runs() const { return arena_.runs(); }
  const ArenaPlan& plan() const { return arena_.plan(); }
  const DeviceTopology& topology() const { return topology_; }

  /// How many steps a burst may have.
  int64_t mostSteps(int64_t batch) const;

  void train(const Burst& burst);

  /// As of StepRunner, of all runs.
  std::vector<std::string> takeRemarks() { return runner_.takeRemarks(); }

  /// The sums of a whole split become those of the `evaluating` runs.
  void evaluate(Split split, uint64_t evaluating);

  /// Those that the device can carry out, of all runs of one form at once.
  void update(std::span<const FlightUpdate> updates);
  bool servesOnDevice(const TopologyPlan& plan) const { return topology_.serves(plan); }
  void updateOnHost(const FlightUpdate& update);

  void restart(uint64_t runs) { runner_.restart(runs); }  ///< their sums
  void readOut(int64_t run, Flight& flight) { cuda::readOut(*device_, runner_.progress() + run, flight); }

  /// A run's parameters; waits for the device.
  ArenaCopy download(int64_t run) { return cuda::download(*device_, arena_, run); }
  void place(int64_t run, const ArenaCopy& copy, TopologyCounts counts);
  double dropThreshold(int64_t run) const { return counts_[static_cast<size_t>(run)].dropThreshold; }

 private:
  void enqueueEvaluation(Split split, uint64_t evaluating);
  void load(const std::vector<StepEntry>& entries, const std::vector<int32_t>& samples, uint64_t restarting);

  std::shared_ptr<Device> device_;
  std::shared_ptr<const Dataset> data_;
  std::vector<WeightLayer> layers_;
  bool denseMomentum_;
  Arena arena_;
  StepRunner runner_;
  DeviceTopology topology_;
  StagingRing tables_, updates_;
  std::vector<TopologyCounts> counts_;  ///< [runs]
};

}  // namespace lab::cuda
