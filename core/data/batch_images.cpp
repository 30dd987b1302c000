#include "data/batch_images.h"

namespace lab {

BatchImages::BatchImages(std::shared_ptr<const Dataset> data, const Augmentation& augmentation)
    : data_(std::move(data)), augmentation_(augmentation) {}

std::span<const uint8_t* const> BatchImages::find(Split split, std::span<const int32_t> samples, int64_t epoch) {
  const uint8_t* pixels = data_->split(split).pixels.data();
  const int64_t size = data_->shape.size();
  images_.clear();
  for (const int32_t sample : samples) images_.push_back(pixels + sample * size);
  const bool changes = split == Split::Train || (split == Split::Validation && augmentation_.validation);
  if (!changes || !augmentation_.changesImages()) return images_;
  if (augmented_.size() < samples.size() * static_cast<size_t>(size))
    augmented_.resize(samples.size() * static_cast<size_t>(size));
  for (size_t i = 0; i < images_.size(); ++i) {
    uint8_t* own = augmented_.data() + i * static_cast<size_t>(size);
    augmentImage(augmentation_, data_->shape, epoch, samples[i], images_[i], own);
    images_[i] = own;
  }
  return images_;
}

}  // namespace lab
