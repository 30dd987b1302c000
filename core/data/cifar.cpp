#include "data/data_file.h"
#include "data/digest.h"
#include "data/readers.h"

#include <fmt/format.h>

namespace lab {

namespace fs = std::filesystem;

namespace {

/// Appends the records of a file. The last byte before the pixels is the label of the row's classes.
Problems append(Samples& samples, const DatasetInfo& info, const fs::path& file, const Bytes& bytes) {
  const int64_t labelBytes = info.classes > 10 ? 2 : 1, size = info.shape.size(), record = labelBytes + size;
  const auto length = static_cast<int64_t>(bytes.size());
  if (length == 0 || length % record != 0)
    return {fileProblem(
        file, fmt::format("has {} bytes, a multiple of {} would be right: fetching it again would help", length,
                          record))};
  const int64_t count = length / record;
  samples.pixels.reserve(samples.pixels.size() + static_cast<size_t>(count * size));
  for (int64_t i = 0; i < count; ++i) {
    const uint8_t* pixels = bytes.data() + i * record + labelBytes;
    const Label label = pixels[-1];
    if (label >= info.classes)
      return {
          fileProblem(file, fmt::format("image {} has the label {}, 0 to {} would be right: it is damaged or of "
                                        "another data set",
                                        i, label, info.classes - 1))};
    samples.labels.push_back(label);
    samples.pixels.insert(samples.pixels.end(), pixels, pixels + size);
  }
  samples.count += count;
  return {};
}

}  // namespace

Result<RawImages> readCifar(const DatasetInfo& info, const fs::path& folder) {
  RawImages raw;
  const auto read = [&](const std::vector<std::string_view>& files, Samples& samples) -> Problems {
    for (const std::string_view name : files) {
      const fs::path file = dataFile(info, folder, name);
      const auto bytes = readDataFile(file);
      if (!bytes) return bytes.problems();
      if (auto problems = append(samples, info, file, bytes.value()); !problems.empty()) return problems;
      raw.checksums[std::string(name)] = sha256(bytes.value());
    }
    return {};
  };
  if (auto problems = read(info.train, raw.train); !problems.empty()) return problems;
  if (auto problems = read(info.test, raw.test); !problems.empty()) return problems;
  return raw;
}

}  // namespace lab
