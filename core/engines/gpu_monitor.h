#pragma once
// How busy an NVIDIA GPU is, asked of the management library that comes with its driver.

#include "engines/driver_library.h"
#include "engines/engine.h"

#include <optional>
#include <string>

namespace lab {

inline constexpr const char* kManagementLibrary = "libnvidia-ml.so.1";

class GpuMonitor {
 public:
  /// `busId`: of the device, as PCI writes it; empty or unknown: the first.
  explicit GpuMonitor(const char* library = kManagementLibrary, const std::string& busId = {});

  /// Nothing where there is no such library or device. From any thread.
  std::optional<DeviceLoad> read() const;

 private:
  DriverLibrary library_;
  void* device_ = nullptr;  ///< the library's handle; null: none
};

/// Of the GPU that the engine "cuda" computes on.
std::optional<DeviceLoad> gpuLoad();

}  // namespace lab
