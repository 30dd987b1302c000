#include "engines/gpu_monitor.h"

namespace lab {

namespace {

// As the management library lays them out, which is stable across versions.
struct MemoryInfo {
  unsigned long long total = 0, free = 0, used = 0;
};
struct UtilisationRates {
  unsigned int gpu = 0, memory = 0;  ///< percent
};

}  // namespace

GpuMonitor::GpuMonitor(const char* library, const std::string& busId) : library_(library) {
  if (!library_.found() || library_.call("nvmlInit_v2") != 0) return;
  if (!busId.empty() && library_.call("nvmlDeviceGetHandleByPciBusId_v2", busId.c_str(), &device_) == 0) return;
  if (library_.call("nvmlDeviceGetHandleByIndex_v2", 0u, &device_) != 0) device_ = nullptr;
}

std::optional<DeviceLoad> GpuMonitor::read() const {
  MemoryInfo memory;
  if (device_ == nullptr || library_.call("nvmlDeviceGetMemoryInfo", device_, &memory) != 0) return {};
  DeviceLoad load{memory.used, memory.total, {}};
  UtilisationRates rates;  // a slice of a GPU does not tell
  if (library_.call("nvmlDeviceGetUtilizationRates", device_, &rates) == 0) load.utilisation = rates.gpu / 100.0;
  return load;
}

}  // namespace lab
