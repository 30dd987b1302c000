// Asks NVIDIA's driver for its first device, without anything of CUDA at compile time.

#include "engines/cuda_plugin.h"

#include <fmt/format.h>

#include <dlfcn.h>

namespace lab {

namespace {

// Names and numbers of CUDA's driver interface, which are stable across versions.
constexpr int kNoDevice = 100;
constexpr int kComputeMajor = 75, kComputeMinor = 76;
constexpr int kOldestMajor = 8;  // bfloat16 products; what the kernels are built for

class Driver {
 public:
  Driver() : library_(dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL)) {}

  bool found() const { return library_ != nullptr; }

  /// Calls a function of the driver; 0 is success.
  template <class... Arguments>
  int call(const char* name, Arguments... arguments) const {
    void* const symbol = dlsym(library_, name);
    return symbol == nullptr ? -1 : reinterpret_cast<int (*)(Arguments...)>(symbol)(arguments...);
  }

 private:
  void* library_;  // stays loaded, as CUDA wants it
};

}  // namespace

Result<std::string> describeGpu() {
  static const Driver driver;
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
