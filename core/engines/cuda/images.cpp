#include "engines/cuda/images.h"

#include "engines/cuda/arena.h"

#include <algorithm>
#include <cstring>

namespace lab::cuda {

/// One piece after the other through pinned memory that goes away.
at::Tensor copyOnDevice(Device& device, std::span<const std::byte> bytes) {
  const at::Tensor memory = deviceBytes(where(device), static_cast<int64_t>(bytes.size()));
  constexpr size_t kPiece = size_t{16} << 20;
  const auto staging = device.pinned(std::min(bytes.size(), kPiece));
  for (size_t done = 0; done < bytes.size(); done += kPiece) {
    const size_t count = std::min(kPiece, bytes.size() - done);
    std::memcpy(staging.get(), bytes.data() + done, count);
    device.upload(static_cast<std::byte*>(memory.data_ptr()) + done, staging.get(), count);
    device.mark()->wait();
  }
  return memory;
}

StoredImages::StoredImages(Device& device, const Samples& samples, ImagePlace place)
    : pixels_(store(device, std::as_bytes(std::span(samples.pixels)), place)),
      labels_(store(device, std::as_bytes(std::span(samples.labels)), place)) {}

StoredImages::Bytes StoredImages::store(Device& device, std::span<const std::byte> bytes, ImagePlace place) {
  if (place == ImagePlace::Device) return {copyOnDevice(device, bytes), nullptr};
  Bytes stored{{}, device.pinned(bytes.size())};
  std::memcpy(stored.onHost.get(), bytes.data(), bytes.size());
  return stored;
}

}  // namespace lab::cuda
