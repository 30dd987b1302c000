#include "engines/cuda_plugin.h"

#include "engines/gpu_monitor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include <dlfcn.h>

namespace lab {

namespace {

constexpr const char* kFileName = "itoplab-cuda.so";

Result<const CudaPlugin*> findPlugin() {
  std::vector<std::string> places;
  for (const auto& place : cudaPluginPlaces()) {
    if (std::filesystem::exists(place)) return loadCudaPlugin(place);
    places.push_back(place.string());
  }
  return Problem{"engine", fmt::format("no GPU plug-in found at {}", fmt::join(places, " or "))};
}

/// The plug-in's engine, or why there is none. Looked for once: the first time that anybody wants to know.
const Result<EngineInfo>& offered() {
  static const Result<EngineInfo> engine = []() -> Result<EngineInfo> {
    if (const auto gpu = describeGpu(); !gpu) return gpu.problems();
    const auto plugin = findPlugin();
    if (!plugin) return plugin.problems();
    if (const std::string why = plugin.value()->deviceProblem(); !why.empty()) return Problem{"engine", why};
    return plugin.value()->engine();
  }();
  return engine;
}


}  // namespace

const char* cudaBuildId() { return LAB_CUDA_BUILD_ID; }

std::string pluginMismatch(uint32_t interfaceVersion, const std::string& buildId) {
  if (interfaceVersion != kCudaPluginInterface)
    return fmt::format("version mismatch: the GPU plug-in has interface {}, this program needs {}", interfaceVersion,
                       kCudaPluginInterface);
  if (buildId != cudaBuildId())
    return fmt::format("version mismatch: the GPU plug-in is of build {}, this program of {}; build both together",
                       buildId, cudaBuildId());
  return {};
}

std::vector<std::filesystem::path> cudaPluginPlaces() {
  if (const char* place = std::getenv("ITOPLAB_CUDA_PLUGIN"); place != nullptr && *place != '\0') return {place};
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  return {program / kFileName, program.parent_path() / "lib" / "itoplab" / kFileName};
}

Result<const CudaPlugin*> loadCudaPlugin(const std::filesystem::path& file) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    return Problem{"engine", fmt::format("the GPU plug-in {} cannot be loaded: {}", file.string(), why)};
  }
  const auto entry = reinterpret_cast<const CudaPlugin* (*)()>(dlsym(library, kCudaPluginEntry));
  if (entry == nullptr) return Problem{"engine", fmt::format("{} is not a plug-in of ITOP Lab", file.string())};
  const CudaPlugin* plugin = entry();
  if (const std::string why = pluginMismatch(plugin->interfaceVersion, plugin->buildId); !why.empty())
    return Problem{"engine", why};
  return plugin;
}

EngineInfo cudaEngine() {
  EngineInfo info;
  info.name = "cuda";
  info.help = "dense arithmetic of LibTorch under masks, on an NVIDIA GPU: every network; sparsity is simulated";
  const auto gpu = describeGpu();
  info.detail = gpu ? gpu.value() : "";
  info.refusal = [](const NetworkSpec& network, const Config& config) {
    return offered() ? offered().value().refusal(network, config) : describe(offered().problems());
  };
  info.make = [](const EngineSetup& setup) { return offered().value().make(setup); };
  info.load = gpuLoad;
  info.makeMany = [](std::span<const EngineSetup> setups) { return offered().value().makeMany(setups); };
  info.packingRefusal = [](const NetworkSpec& network, const Config& a, const Config& b) {
    return offered() ? offered().value().packingRefusal(network, a, b) : describe(offered().problems());
  };
  return info;
}

}  // namespace lab
