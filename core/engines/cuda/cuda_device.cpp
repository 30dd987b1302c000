#include "engines/cuda/cuda_device.h"

#include "engines/cuda/failures.h"
#include "engines/cuda/launch.h"

#include <ATen/Context.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <mutex>
#include <optional>
#include <shared_mutex>

namespace lab::cuda {

namespace {

/// An event that is waited for, not timed.
class Event {
 public:
  Event() { C10_CUDA_CHECK(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming | cudaEventBlockingSync)); }
  ~Event() { C10_CUDA_CHECK_WARN(cudaEventDestroy(event_)); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void record(cudaStream_t stream) { C10_CUDA_CHECK(cudaEventRecord(event_, stream)); }
  void holds(cudaStream_t stream) { C10_CUDA_CHECK(cudaStreamWaitEvent(stream, event_)); }
  void wait() { C10_CUDA_CHECK(cudaEventSynchronize(event_)); }

 private:
  cudaEvent_t event_ = nullptr;
};

class CudaMark final : public Mark {
 public:
  CudaMark(cudaStream_t stream, std::atomic<int64_t>& waits) : waits_(waits) { event_.record(stream); }
  void wait() override {
    ++waits_;
    event_.wait();
  }

 private:
  Event event_;
  std::atomic<int64_t>& waits_;
};

/// LibTorch keeps a list of all graphs of the process and a flag that one is being recorded, which replays of others
/// refuse; neither is locked. So engines on several threads take turns to record and to let go, and launch between.
std::shared_mutex& recording() {
  static std::shared_mutex mutex;
  return mutex;
}

class CudaReplay final : public Replay {
 public:
  CudaReplay(const std::function<void()>& work, at::MempoolId_t pool) {
    const std::lock_guard turn(recording());
    graph_.emplace();
    try {
      record(work, pool);
    } catch (...) {
      graph_.reset();  // in its turn, too
      throw;
    }
  }
  ~CudaReplay() override {
    const std::lock_guard turn(recording());
    graph_.reset();
  }
  CudaReplay(const CudaReplay&) = delete;
  CudaReplay& operator=(const CudaReplay&) = delete;

  void run() override {
    const std::shared_lock launching(recording());
    graph_->replay();
  }

 private:
  void record(const std::function<void()>& work, at::MempoolId_t pool) {
    // Other threads of the process may allocate meanwhile: only this one is being recorded.
    graph_->capture_begin(pool, cudaStreamCaptureModeThreadLocal);
    try {
      work();
    } catch (...) {
      end();
      throw;
    }
    graph_->capture_end();
  }

  void end() {
    try {
      graph_->capture_end();
    } catch (const c10::Error&) {
      // The capture is invalid because its work failed, which is told.
    }
  }
  std::optional<at::cuda::CUDAGraph> graph_;
};

class CudaDevice final : public Device {
 public:
  CudaDevice()
      : training_(c10::cuda::getStreamFromPool(true, 0)),
        copies_(c10::cuda::getStreamFromPool(false, 0)),
        pool_(at::cuda::graph_pool_handle()) {
    at::globalContext().lazyInitDevice(c10::DeviceType::CUDA);
    // The same run gives the same bits; float32 is compared with the processor's and means it.
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setAllowTF32CuBLAS(false);
  }

  bool isGpu() const override { return true; }

  std::unique_ptr<Scope> enter() override {
    struct OnStream final : Scope {
      explicit OnStream(c10::cuda::CUDAStream stream) : guard(stream) {}
      c10::cuda::CUDAStreamGuard guard;
    };
    return std::make_unique<OnStream>(training_);
  }

  void launch(const Kernel& kernel, int64_t blocks) override { C10_CUDA_CHECK(launchOn(training_, kernel, blocks)); }

  void upload(void* to, const void* from, size_t bytes) override {
    if (bytes > 0) C10_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, training_));
  }

  void download(void* to, const void* from, size_t bytes) override {
    follow();
    if (bytes > 0) C10_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, copies_));
    downloaded_.record(copies_);
  }

  void downloadInOrder(void* to, const void* from, size_t bytes) override {
    C10_CUDA_CHECK(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, training_));
  }

  void awaitDownloads() override { downloaded_.holds(training_); }

  std::unique_ptr<Mark> mark() override {
    follow();
    return std::make_unique<CudaMark>(copies_, waits_);
  }

  std::shared_ptr<std::byte> pinned(size_t bytes) override {
    void* memory = nullptr;
    const cudaError_t error = cudaHostAlloc(&memory, std::max<size_t>(bytes, 1), cudaHostAllocDefault);
    if (error == cudaErrorMemoryAllocation) cudaGetLastError();  // clears it: the device works on
    TORCH_CHECK_WITH(OutOfMemoryError, error != cudaErrorMemoryAllocation, "no ", bytes, " bytes of pinned memory");
    C10_CUDA_CHECK(error);
    return {static_cast<std::byte*>(memory), [](std::byte* at) { C10_CUDA_CHECK_WARN(cudaFreeHost(at)); }};
  }

  std::optional<int64_t> freeBytes() override {
    releaseUnused();  // what an engine before this one has left is free, too
    size_t free = 0, total = 0;
    C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
    return static_cast<int64_t>(free);
  }

  void releaseUnused() override { c10::cuda::CUDACachingAllocator::emptyCache(); }

  std::unique_ptr<Replay> record(const std::function<void()>& work) override {
    ++recordings_;
    return std::make_unique<CudaReplay>(work, pool_);
  }

 private:
  /// Copies wait for what was given to the training stream so far.
  void follow() {
    trained_.record(training_);
    trained_.holds(copies_);
  }

  c10::cuda::CUDAStream training_, copies_;
  at::MempoolId_t pool_;
  Event trained_, downloaded_;
};

}  // namespace

std::string cudaDeviceProblem() {
  if (std::string failure = deviceFailure(); !failure.empty()) return failure;
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count > 0) return {};
  cudaGetLastError();  // clears it
  return std::string("the CUDA runtime finds no device: ") +
         (error == cudaSuccess ? "there is none" : cudaGetErrorString(error));
}

std::unique_ptr<Device> cudaDevice() { return std::make_unique<CudaDevice>(); }

}  // namespace lab::cuda
