#include "engines/cuda/flight.h"

#include <cmath>
#include <cstring>
#include <utility>

namespace lab::cuda {

void clear(Flight& flight) {
  flight.done.reset();
  flight.event.reset();
  flight.changesOnDevice = false;
  flight.measured = false;
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
