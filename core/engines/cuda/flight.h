#pragma once
// What belongs to a span on its way through the device.

#include "engines/cuda/device_topology.h"
#include "engines/engine.h"

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace lab::cuda {

/// Pinned memory that grows when more is wanted. Precondition of asking: nothing in flight uses it.
class Staging {
 public:
  std::byte* of(Device& device, size_t bytes) {
    if (bytes > size_) {
      size_ = bytes + bytes / 2;
      memory_ = device.pinned(size_);
    }
    return memory_.get();
  }

 private:
  std::shared_ptr<std::byte> memory_;
  size_t size_ = 0;
};

/// Pinned memory for one upload after the other. It waits for the device only when that is many uploads behind.
class StagingRing {
 public:
  /// Memory that stays untouched until the device has done what was given to it before the next call.
  std::byte* next(Device& device, size_t bytes) {
    if (now_ != nullptr) now_->used = device.mark();
    now_ = &places_[turn_++ % places_.size()];
    if (now_->used != nullptr) now_->used->wait();
    return now_->memory.of(device, bytes);
  }

 private:
  struct Place {
    Staging memory;
    std::unique_ptr<Mark> used;
  };
  std::array<Place, 8> places_;
  Place* now_ = nullptr;
  size_t turn_ = 0;
};

/// A span with the host memory of its own that the device reads and writes.
struct Flight {
  Staging tables, updates, progress, changes;
  std::vector<int32_t> samples;  ///< of its steps, where they are carried out later
  std::shared_ptr<Mark> done;
  std::optional<TopologyEvent> event;
  bool changesOnDevice = false;  ///< the event's positions are still to be read
  bool measured = false;
};

/// Flights that nothing uses, with their memory.
class IdleFlights {
 public:
  std::unique_ptr<Flight> take();  ///< as good as new
  void put(std::unique_ptr<Flight> flight) { idle_.push_back(std::move(flight)); }

 private:
  std::vector<std::unique_ptr<Flight>> idle_;
};

/// Begins to copy a run's sums to the flight; they are there once its mark, which the caller sets, is reached.
void readOut(Device& device, const Progress* progress, Flight& flight);

/// Waits for the flight's mark.
Progress progressOf(Device& device, Flight& flight);
inline Sums sumsOf(const Progress& progress) { return {progress.loss, progress.correct, progress.samples}; }
SpanResult resultOf(Device& device, const DeviceTopology& topology, Flight& flight);

}  // namespace lab::cuda
