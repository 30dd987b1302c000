#include "data/data_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace lab {

Problem fileProblem(const std::filesystem::path& file, const std::string& what) {
  return {file.string(), fmt::format("{}: {}", file.string(), what)};
}

Result<Bytes> readDataFile(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return fileProblem(file, fmt::format("cannot be read ({})", error.message()));
  if (size > static_cast<uintmax_t>(kLargestDataFile))
    return fileProblem(file, "is larger than any file of a data set should be");
  std::ifstream stream(file, std::ios::binary);
  Bytes bytes(size);
  if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
    return fileProblem(file, fmt::format("cannot be read ({})", std::strerror(errno)));
  return bytes;
}

}  // namespace lab
