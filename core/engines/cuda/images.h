#pragma once
// A split of the data set where kernels can read it: in the device's memory, or in pinned memory of the host, which is
// slower and takes nothing from the device.

#include "data/dataset.h"
#include "engines/cuda/device.h"

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <memory>
#include <span>

namespace lab::cuda {

enum class ImagePlace { Device, Host };

/// A copy in the device's memory; waits for it.
at::Tensor copyOnDevice(Device& device, std::span<const std::byte> bytes);

class StoredImages {
 public:
  StoredImages(Device& device, const Samples& samples, ImagePlace place);

  const uint8_t* pixels() const { return static_cast<const uint8_t*>(pixels_.data()); }
  const Label* labels() const { return static_cast<const Label*>(labels_.data()); }

 private:
  struct Bytes {
    at::Tensor onDevice;
    std::shared_ptr<std::byte> onHost;  ///< null: they are on the device
    const void* data() const { return onHost ? onHost.get() : onDevice.data_ptr(); }
  };
  static Bytes store(Device& device, std::span<const std::byte> bytes, ImagePlace place);

  Bytes pixels_, labels_;
};

/// `make` with the images on the device or, where its memory does not suffice for all that is made, in the host's.
template <class Make>
auto whereImagesFit(Device& device, Make make) {
  device.releaseUnused();  // of engines before this one
  try {
    return make(ImagePlace::Device);
  } catch (const c10::OutOfMemoryError&) {
    // What was made has gone with the exception.
  }
  device.releaseUnused();
  return make(ImagePlace::Host);
}

}  // namespace lab::cuda
