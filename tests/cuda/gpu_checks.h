#pragma once
// What must hold on any device of the GPU engine, as plain functions: suites run them on the processor and, where there
// is one, on a GPU; the program lab_gpu_check runs them where there is no Qt.

#include "engines/cuda/device.h"
#include "engines/engine.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace lab::test {

struct CheckFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Not by fmt: LibTorch's headers bring another version of it.
#define LAB_CHECK(condition)                                                                            \
  do {                                                                                                  \
    if (!(condition))                                                                                   \
      throw CheckFailed(std::string(__FILE__) + ":" + std::to_string(__LINE__) + ": " #condition " does not hold"); \
  } while (false)

using SharedDevice = std::shared_ptr<cuda::Device>;

struct GpuCheck {
  std::string name;
  void (*run)(const SharedDevice& device) = nullptr;  ///< throws CheckFailed
};

std::vector<GpuCheck> kernelChecks();
std::vector<GpuCheck> topologyChecks();
std::vector<GpuCheck> engineChecks();
std::vector<GpuCheck> packedChecks();
std::vector<GpuCheck> allGpuChecks();

/// The engine on this device in this state.
std::unique_ptr<Engine> gpuEngineIn(const EngineState& state, const EngineSetup& setup, const SharedDevice& device);

}  // namespace lab::test
