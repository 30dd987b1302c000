#include "data/image_cache.h"

#include "data/data_file.h"
#include "data/dataset_table.h"
#include "data/digest.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace lab {

namespace fs = std::filesystem;

namespace {

constexpr size_t kDigits = 64;

fs::path cacheFolder() { return dataHome() / "cache"; }

std::string headerOf(const std::string& key, const DecodedImages& images) {
  return fmt::format("ITOP Lab images 1\n{}\n{} {} {}\n", key, images.train.count, images.validation.count,
                     images.test.count);
}

/// Calls `each` with the bytes of labels and pixels of all parts, in the order of the file.
template <class Images, class Each>
void forAllBytes(Images& images, Each each) {
  for (auto* part : {&images.train, &images.validation, &images.test}) {
    each(part->labels.data(), part->labels.size() * sizeof(Label));
    each(part->pixels.data(), part->pixels.size());
  }
}

std::string checksumOf(const DecodedImages& images) {
  Digest digest;
  forAllBytes(images, [&](const void* bytes, size_t size) {
    digest.add({static_cast<const uint8_t*>(bytes), size});
  });
  return digest.finish();
}

}  // namespace

fs::path imageCacheFile(std::string_view dataset, int64_t side, const std::string& key) {
  return cacheFolder() / fmt::format("{}-{}-{}.images", dataset, side, key.substr(0, 16));
}

std::optional<DecodedImages> readImageCache(const fs::path& file, const std::string& key, int64_t imageSize,
                                            const DecodedImages& sizes) {
  std::ifstream stream(file, std::ios::binary);
  std::string header = headerOf(key, sizes);
  const std::string expected = header;
  stream.read(header.data(), static_cast<std::streamsize>(header.size()));
  if (!stream || header != expected) return std::nullopt;

  // What is there must fit before memory is taken for it.
  int64_t bytes = static_cast<int64_t>(header.size() + kDigits);
  for (const Samples* part : {&sizes.train, &sizes.validation, &sizes.test})
    bytes += part->count * (imageSize + static_cast<int64_t>(sizeof(Label)));
  std::error_code error;
  if (fs::file_size(file, error) != static_cast<uintmax_t>(bytes) || error) return std::nullopt;

  DecodedImages images = sizes;
  for (Samples* part : {&images.train, &images.validation, &images.test}) {
    part->labels.resize(static_cast<size_t>(part->count));
    part->pixels.resize(static_cast<size_t>(part->count * imageSize));
  }
  forAllBytes(images, [&](void* at, size_t size) {
    stream.read(static_cast<char*>(at), static_cast<std::streamsize>(size));
  });
  images.checksum.resize(kDigits);
  stream.read(images.checksum.data(), static_cast<std::streamsize>(kDigits));
  if (!stream || checksumOf(images) != images.checksum) return std::nullopt;
  return images;
}

Problems writeImageCache(const fs::path& file, const std::string& key, DecodedImages& images) {
  images.checksum = checksumOf(images);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  const fs::path beside = fmt::format("{}.{}.part", file.string(), getpid());
  errno = 0;
  std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
  stream << headerOf(key, images);
  forAllBytes(images, [&](const void* at, size_t size) {
    stream.write(static_cast<const char*>(at), static_cast<std::streamsize>(size));
  });
  stream << images.checksum;
  stream.close();
  const int reason = errno;
  if (stream) fs::rename(beside, file, error);
  if (stream && !error) return {};
  std::error_code ignored;
  fs::remove(beside, ignored);
  return {
      fileProblem(file, fmt::format("cannot be written ({}): the decoded images are kept there, ITOPLAB_HOME says "
                                    "where else",
                                    stream ? error.message() : std::strerror(reason)))};
}

int64_t removeImageCaches(std::string_view dataset) {
  int64_t removed = 0;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(cacheFolder(), none))
    if (entry.path().filename().string().starts_with(fmt::format("{}-", dataset)))
      removed += fs::remove(entry.path()) ? 1 : 0;
  return removed;
}

}  // namespace lab
