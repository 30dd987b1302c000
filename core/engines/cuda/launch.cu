// Teams of 256 threads for the kernels, one a block.

#include "engines/cuda/launch.h"

#include <variant>

namespace lab::cuda {

namespace {

struct BlockTeam {
  static constexpr int kThreads = 256;
  __device__ int thread() const { return static_cast<int>(threadIdx.x); }
  __device__ void sync() const { __syncthreads(); }

  __device__ void add(uint32_t* to, uint32_t value) const { atomicAdd(to, value); }
  __device__ void setBits(uint64_t* word, uint64_t bits) const {
    atomicOr(reinterpret_cast<unsigned long long*>(word), static_cast<unsigned long long>(bits));
  }
};

template <class Work>
__global__ void __launch_bounds__(BlockTeam::kThreads) runBlock(const Work work) {
  __shared__ typename Work::Shared shared;
  BlockTeam team;
  work(team, static_cast<int64_t>(blockIdx.x), shared);
}

}  // namespace

cudaError_t launchOn(cudaStream_t stream, const Kernel& kernel, int64_t blocks) {
  if (blocks == 0) return cudaSuccess;
  std::visit(
      [&](const auto& work) { runBlock<<<static_cast<unsigned>(blocks), BlockTeam::kThreads, 0, stream>>>(work); },
      kernel);
  return cudaGetLastError();
}

}  // namespace lab::cuda
