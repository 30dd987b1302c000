#include "engines/cuda/arena.h"

#include <ATen/ops/zeros.h>

#include <cstring>

namespace lab::cuda {

namespace {

template <class Value>
at::Tensor uploaded(Device& device, const std::vector<Value>& values) {
  const size_t bytes = values.size() * sizeof(Value);
  const at::Tensor memory = deviceBytes(where(device), static_cast<int64_t>(bytes));
  const auto staging = device.pinned(bytes);
  std::memcpy(staging.get(), values.data(), bytes);
  device.upload(memory.data_ptr(), staging.get(), bytes);
  device.mark()->wait();  // the staging memory goes away
  return memory;
}

}  // namespace

c10::Device where(const Device& device) { return device.isGpu() ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU); }

at::Tensor deviceBytes(c10::Device on, int64_t bytes) {
  return at::zeros({bytes}, at::TensorOptions(at::kByte).device(on));
}

Arena::Arena(Device& device, ArenaPlan plan, bool secondMoment, bool bfloat16, int64_t runs, bool learnsThresholds)
    : plan_(std::move(plan)), runs_(runs) {
  const auto floats = at::TensorOptions(at::kFloat).device(where(device));
  const PackedArena packed = packArena(plan_, runs);
  const int64_t size = runs * plan_.size(), words = runs * plan_.words();
  segments_ = uploaded(device, packed.segments);
  segmentOf_ = uploaded(device, packed.segmentOf);
  weight_ = at::zeros({size}, floats);
  momentum_ = at::zeros({size}, floats);
  if (secondMoment) secondMoment_ = at::zeros({size}, floats);
  gradient_ = at::zeros({size}, floats);
  active_ = at::zeros({words}, floats.dtype(at::kLong));
  explored_ = at::zeros({words}, floats.dtype(at::kLong));
  compute_ = at::zeros({size}, floats.dtype(bfloat16 ? at::kBFloat16 : at::kFloat));
  statistics_ = at::zeros({2 * plan_.channels}, floats);
  const auto layers = static_cast<int64_t>(plan_.layers.size());
  if (learnsThresholds) thresholds_ = deviceBytes(where(device), layers * static_cast<int64_t>(sizeof(Threshold)));
}

Parameters Arena::parameters() const {
  Parameters p;
  p.segments = static_cast<const Segment*>(segments_.data_ptr());
  p.segmentOf = static_cast<const int32_t*>(segmentOf_.data_ptr());
  p.weight = weight_.data_ptr<float>();
  p.momentum = momentum_.data_ptr<float>();
  p.secondMoment = secondMoment_.defined() ? secondMoment_.data_ptr<float>() : nullptr;
  p.gradient = gradient_.data_ptr<float>();
  p.active = static_cast<uint64_t*>(active_.data_ptr());
  p.explored = static_cast<uint64_t*>(explored_.data_ptr());
  p.compute = {compute_.data_ptr(), precision() == at::kBFloat16};
  p.thresholds = thresholds_.defined() ? static_cast<Threshold*>(thresholds_.data_ptr()) : nullptr;
  return p;
}

Parameters Arena::parameters(int64_t run) const {
  Parameters p = parameters();  // its segments are those of run 0, which begin where the arrays do
  const int64_t first = run * plan_.size(), words = run * plan_.words();
  p.weight += first;
  p.momentum += first;
  if (p.secondMoment != nullptr) p.secondMoment += first;
  p.gradient += first;
  p.active += words;
  p.explored += words;
  p.compute.data = static_cast<std::byte*>(p.compute.data) + first * static_cast<int64_t>(compute_.element_size());
  return p;
}

at::Tensor Arena::view(const at::Tensor& of, int32_t segment) const {
  const Segment& at = plan_.segments[static_cast<size_t>(segment)];
  return of.narrow(0, at.begin, at.size);
}

at::Tensor Arena::compute(int32_t segment, at::IntArrayRef shape) const {
  const at::Tensor flat = view(compute_, segment);
  if (shape.size() < 4) return flat.view(shape);
  return flat.view({shape[0], shape[2], shape[3], shape[1]}).permute({0, 3, 1, 2});
}

at::Tensor Arena::ofRuns(const at::Tensor& of, int32_t segment, int64_t rows, int64_t columns) const {
  return of.as_strided({runs_, rows, columns}, {plan_.size(), columns, 1},
                       plan_.segments[static_cast<size_t>(segment)].begin);
}

at::Tensor Arena::computeOfRuns(int32_t segment, int64_t rows, int64_t columns) const {
  return ofRuns(compute_, segment, rows, columns);
}

at::Tensor Arena::gradientOfRuns(int32_t segment, int64_t rows, int64_t columns) const {
  return ofRuns(gradient_, segment, rows, columns);
}

at::Tensor Arena::weight(int32_t segment) const { return view(weight_, segment); }

at::Tensor Arena::gradient(int32_t segment, at::IntArrayRef shape) const { return view(gradient_, segment).view(shape); }

at::Tensor Arena::mean(size_t norm) const {
  const ArenaPlan::Norm& at = plan_.norms[norm];
  return statistics_.narrow(0, at.statistics, plan_.segments[static_cast<size_t>(at.scale)].size);
}

at::Tensor Arena::variance(size_t norm) const {
  const ArenaPlan::Norm& at = plan_.norms[norm];
  return statistics_.narrow(0, plan_.channels + at.statistics, plan_.segments[static_cast<size_t>(at.scale)].size);
}

}  // namespace lab::cuda
