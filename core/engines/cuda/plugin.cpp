// The plug-in's one function.

#include "engines/cuda/cuda_device.h"
#include "engines/cuda/failures.h"
#include "engines/cuda/gpu_engine.h"
#include "engines/cuda/packed_engine.h"
#include "engines/cuda_plugin.h"

namespace lab::cuda {

namespace {

EngineInfo gpuEngine() {
  EngineInfo info;
  info.name = "cuda";
  info.refusal = [](const NetworkSpec& network, const Config& config) {
    if (std::string failure = deviceFailure(); !failure.empty()) return failure;
    return gpuRefusal(network, config);
  };
  info.make = [](const EngineSetup& setup) {
    return withTypedFailures([&] { return makeGpuEngine(setup, cudaDevice()); });  // a stream of its own for each
  };
  info.makeMany = [](std::span<const EngineSetup> setups) {
    return withTypedFailures([&] { return makePackedEngines(setups, cudaDevice()); });
  };
  info.packingRefusal = packedRefusal;
  return info;
}

}  // namespace

}  // namespace lab::cuda

extern "C" __attribute__((visibility("default"))) const lab::CudaPlugin* itoplab_cuda_plugin() {
  static const lab::CudaPlugin kPlugin{lab::kCudaPluginInterface, lab::cudaBuildId(), lab::cuda::cudaDeviceProblem,
                                       lab::cuda::gpuEngine};
  return &kPlugin;
}
