// Asks NVIDIA's driver for its first device, without anything of CUDA at compile time.

#include "engines/cuda_plugin.h"
#include "engines/driver_library.h"
#include "engines/gpu_monitor.h"

#include <fmt/format.h>

namespace lab {

namespace {

// Names and numbers of CUDA's driver interface, which are stable across versions.
constexpr int kNoDevice = 100;
constexpr int kComputeMajor = 75, kComputeMinor = 76;
constexpr int kOldestMajor = 8;  // bfloat16 products; what the kernels are built for

const DriverLibrary& cudaDriver() {
  static const DriverLibrary driver("libcuda.so.1");
  return driver;
}

/// Of the first device, as PCI writes it; empty: there is none.
std::string firstBusId() {
  const DriverLibrary& driver = cudaDriver();
  int device = 0;
  char text[32] = "";
  const bool known = driver.found() && driver.call("cuInit", 0u) == 0 && driver.call("cuDeviceGet", &device, 0) == 0 &&
                     driver.call("cuDeviceGetPCIBusId", static_cast<char*>(text), 32, device) == 0;
  return known ? text : "";
}

}  // namespace

std::optional<DeviceLoad> gpuLoad() {
  // The two libraries number devices differently, and CUDA_VISIBLE_DEVICES hides some from one of them only.
  static const GpuMonitor monitor(kManagementLibrary, firstBusId());
  return monitor.read();
}

Result<std::string> describeGpu() {
  const DriverLibrary& driver = cudaDriver();
  if (!driver.found()) return Problem{"engine", "no NVIDIA driver found (libcuda.so.1 cannot be loaded)"};
  int count = 0;
  if (const int error = driver.call("cuInit", 0u); error != 0 && error != kNoDevice)
    return Problem{"engine", fmt::format("the NVIDIA driver does not start (error {})", error)};
  if (driver.call("cuDeviceGetCount", &count) != 0 || count == 0)
    return Problem{"engine", "the NVIDIA driver finds no device"};
  int device = 0, major = 0, minor = 0;
  char name[256] = "";
  size_t bytes = 0;
  if (driver.call("cuDeviceGet", &device, 0) != 0 ||
      driver.call("cuDeviceGetName", static_cast<char*>(name), 256, device) != 0 ||
      driver.call("cuDeviceTotalMem_v2", &bytes, device) != 0 ||
      driver.call("cuDeviceGetAttribute", &major, kComputeMajor, device) != 0 ||
      driver.call("cuDeviceGetAttribute", &minor, kComputeMinor, device) != 0)
    return Problem{"engine", "the NVIDIA driver does not describe its device"};
  const std::string text = fmt::format("{}, {:.0f} GiB, compute capability {}.{}", static_cast<const char*>(name),
                                       static_cast<double>(bytes) / (1 << 30), major, minor);
  if (major < kOldestMajor) return Problem{"engine", text + ": 8.0 or newer is needed"};
  return text;
}

}  // namespace lab
