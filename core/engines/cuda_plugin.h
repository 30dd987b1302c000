#pragma once
// The GPU engine as a plug-in: what program and plug-in agree on, and how a program finds it. The program itself needs
// no CUDA: it looks for a driver, then a device, and only then loads the plug-in.

#include "engines/engine.h"
#include "result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lab {

/// Grows when what lies between program and plug-in changes without a change of the headers in buildId().
inline constexpr uint32_t kCudaPluginInterface = 2;

/// What the plug-in's one function, `itoplab_cuda_plugin`, returns. The first two members never move; the others are
/// read only when those two are equal on both sides, for then C++ objects mean the same on both.
struct CudaPlugin {
  uint32_t interfaceVersion;
  const char* buildId;
  /// Why the CUDA runtime gives no usable device; empty when it does.
  std::string (*deviceProblem)();
  EngineInfo (*engine)();
};
inline constexpr const char* kCudaPluginEntry = "itoplab_cuda_plugin";

/// Compiler and a digest of the headers that both sides see: equal exactly where objects may be passed.
const char* cudaBuildId();

/// Why a plug-in with these marks cannot be used by this program; empty when it can.
std::string pluginMismatch(uint32_t interfaceVersion, const std::string& buildId);

/// Loads a plug-in; it stays loaded. Problem: the file is none, cannot be loaded, or was built for another program.
Result<const CudaPlugin*> loadCudaPlugin(const std::filesystem::path& file);

/// Where plug-ins are looked for, in this order: $ITOPLAB_CUDA_PLUGIN alone if it is set; beside the program;
/// ../lib/itoplab from there.
std::vector<std::filesystem::path> cudaPluginPlaces();

/// The first GPU as the driver describes it; problem: no driver, no device, or none that is new enough.
Result<std::string> describeGpu();

/// What to register: name "cuda". Where no GPU is offered, its refusal says why.
EngineInfo cudaEngine();

}  // namespace lab
