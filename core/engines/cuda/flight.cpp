#include "engines/cuda/flight.h"

#include <cmath>
#include <cstring>
#include <utility>

namespace lab::cuda {

std::unique_ptr<Flight> IdleFlights::take() {
  if (idle_.empty()) return std::make_unique<Flight>();
  std::unique_ptr<Flight> flight = std::move(idle_.back());
  idle_.pop_back();
  flight->done.reset();
  flight->event.reset();
  flight->changesOnDevice = flight->measured = false;
  return flight;
}

void readOut(Device& device, const Progress* progress, Flight& flight) {
  device.downloadInOrder(flight.progress.of(device, sizeof(Progress)), progress, sizeof(Progress));
}

Progress progressOf(Device& device, Flight& flight) {
  flight.done->wait();
  Progress progress;
  std::memcpy(&progress, flight.progress.of(device, sizeof(Progress)), sizeof(Progress));
  return progress;
}

SpanResult resultOf(Device& device, const DeviceTopology& topology, Flight& flight) {
  const Progress progress = progressOf(device, flight);
  SpanResult result;
  result.sums = sumsOf(progress);
  if (flight.measured) result.gradientNorm = std::sqrt(progress.squaredGradient);
  result.topology = std::exchange(flight.event, std::nullopt);
  if (flight.changesOnDevice)
    result.topology->layers = topology.read(flight.changes.of(device, topology.wordBytes()));
  return result;
}

}  // namespace lab::cuda
