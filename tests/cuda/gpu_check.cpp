// lab_gpu_check: the checks and timings of the GPU engine, for machines without Qt.
//
//   lab_gpu_check checks        every check, a line each
//   lab_gpu_check bench         the timings, as a Markdown table
//   ... --cpu                   on the processor as a device, with little networks
//
// Exit code 77: there is no GPU.

#include "engines/cuda/cpu_device.h"
#include "gpu_bench.h"
#ifdef LAB_CUDA
#include "engines/cuda/cuda_device.h"
#endif

#include <fmt/format.h>

#include <string_view>

using namespace lab;

namespace {

constexpr int kNoGpu = 77;

int runChecks(const test::SharedDevice& device) {
  int failed = 0;
  for (const test::GpuCheck& check : test::allGpuChecks()) {
    std::string problem;
    try {
      check.run(device);
    } catch (const std::exception& failure) {
      problem = failure.what();
      ++failed;
    }
    fmt::print("{} {}{}{}\n", problem.empty() ? "PASS" : "FAIL", check.name, problem.empty() ? "" : ": ", problem);
    std::fflush(stdout);
  }
  fmt::print("{} of {} checks failed\n", failed, test::allGpuChecks().size());
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  const bool cpu = count > 2 && std::string_view(arguments[2]) == "--cpu";
  if (what != "checks" && what != "bench") {
    fmt::print(stderr, "usage: lab_gpu_check checks|bench [--cpu]\n");
    return 2;
  }
  test::SharedDevice device;
  if (cpu) {
    device = cuda::cpuDevice();
  } else {
#ifdef LAB_CUDA
    if (const std::string why = cuda::cudaDeviceProblem(); !why.empty()) {
      fmt::print(stderr, "{}\n", why);
      return kNoGpu;
    }
    device = cuda::cudaDevice();
#else
    fmt::print(stderr, "built without CUDA: only --cpu\n");
    return kNoGpu;
#endif
  }
  if (what == "checks") return runChecks(device);
  fmt::print("{}", bench::gpuTable(device, cpu));
  return 0;
}
