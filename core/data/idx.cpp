#include "data/idx.h"

#include "data/data_file.h"
#include "data/digest.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <memory>

namespace lab {

namespace {

bool isGzip(const Bytes& bytes) { return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

Result<Bytes> inflated(const std::filesystem::path& file, const Bytes& packed) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, EndInflate> end(&stream);
  stream.next_in = const_cast<uint8_t*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  Bytes bytes;
  size_t filled = 0;
  for (int status = Z_OK; status != Z_STREAM_END;) {
    if (filled == bytes.size()) bytes.resize(std::max<size_t>(1 << 16, 2 * filled));
    stream.next_out = bytes.data() + filled;
    stream.avail_out = static_cast<uInt>(bytes.size() - filled);
    status = inflate(&stream, Z_NO_FLUSH);
    filled = bytes.size() - stream.avail_out;
    if (static_cast<int64_t>(filled) > kLargestDataFile)
      return fileProblem(file, "unpacks to more than any IDX file should hold");
    if (status == Z_BUF_ERROR) return fileProblem(file, "is cut off: fetching it again would be right");
    if (status != Z_OK && status != Z_STREAM_END)
      return fileProblem(file, "is a damaged gzip file: fetching it again would be right");
  }
  if (stream.avail_in > 0) return fileProblem(file, "goes on after the end of its compressed data");
  bytes.resize(filled);
  return bytes;
}

uint32_t bigEndian(const Bytes& bytes, size_t at) {
  return uint32_t{bytes[at]} << 24 | uint32_t{bytes[at + 1]} << 16 | uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

Result<IdxArray> parse(const std::filesystem::path& file, const Bytes& bytes, size_t rank) {
  const size_t header = 4 + 4 * rank;
  if (bytes.size() < 4)
    return fileProblem(file, fmt::format("has {} bytes, too few for an IDX header", bytes.size()));
  const uint32_t magic = bigEndian(bytes, 0), wanted = static_cast<uint32_t>(0x0800 + rank);
  if (magic != wanted)
    return fileProblem(file, fmt::format("starts with magic {:#010x}, {:#010x} would be right", magic, wanted));
  if (bytes.size() < header) return fileProblem(file, "ends inside its header");
  IdxArray array;
  int64_t count = 1;
  for (size_t d = 0; d < rank; ++d) {
    array.sizes.push_back(bigEndian(bytes, 4 + 4 * d));
    if (array.sizes.back() == 0) return fileProblem(file, "says that it is empty");
    count = count > kLargestDataFile / array.sizes.back() ? kLargestDataFile + 1 : count * array.sizes.back();
  }
  const auto have = static_cast<int64_t>(bytes.size() - header);
  if (count != have)
    return fileProblem(file, fmt::format("holds {} values, its header says {}", have,
                                         count > kLargestDataFile ? "more than 256 MiB" : std::to_string(count)));
  array.values.assign(bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.end());
  return array;
}

}  // namespace

Result<IdxArray> readIdx(const std::filesystem::path& file, size_t rank) {
  const auto raw = readDataFile(file);
  if (!raw) return raw.problems();
  Result<IdxArray> array = Problems{};
  if (isGzip(raw.value())) {
    const auto bytes = inflated(file, raw.value());
    if (!bytes) return bytes.problems();
    array = parse(file, bytes.value(), rank);
  } else if (file.extension() == ".gz") {
    return fileProblem(file, "is not a gzip file: fetching it again would be right");
  } else {
    array = parse(file, raw.value(), rank);
  }
  if (array) array.value().checksum = sha256(raw.value());
  return array;
}

}  // namespace lab
