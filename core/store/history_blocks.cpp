#include "store/history_blocks.h"

#include "store/varint.h"

#include <fmt/format.h>
#include <zstd.h>

#include <array>

namespace lab {

namespace {

constexpr size_t kLengthBytes = 4;
constexpr unsigned long long kLargestBlock = 1ULL << 32;
constexpr uint64_t kLargestLayer = 1ULL << 34;  // weights; larger is damage

/// Ascending positions as their number and the gaps between them.
void appendPositions(std::string& out, const std::vector<int64_t>& positions) {
  appendVarint(out, positions.size());
  std::array<char, 4096> chunk;  // appended at once: a call a byte would be most of the time
  char* at = chunk.data();
  char* const full = chunk.data() + chunk.size() - kVarintBytes;
  int64_t next = 0;
  for (const int64_t position : positions) {
    at = putVarint(at, static_cast<uint64_t>(position - next));
    next = position + 1;
    if (at < full) continue;
    out.append(chunk.data(), at);
    at = chunk.data();
  }
  out.append(chunk.data(), at);
}

}  // namespace

void appendInitial(std::string& block, const std::vector<Mask>& masks) {
  block += static_cast<char>(HistoryTag::Initial);
  appendVarint(block, masks.size());
  for (const Mask& mask : masks) {
    appendVarint(block, static_cast<uint64_t>(mask.size()));
    appendPositions(block, mask.positions());
  }
}

void appendEntry(std::string& block, const HistoryEntry& entry) {
  block += static_cast<char>(HistoryTag::Entry);
  appendVarint(block, static_cast<uint64_t>(entry.update));
  appendVarint(block, static_cast<uint64_t>(entry.step));
  for (const HistoryChange& change : entry.layers) {
    appendPositions(block, change.off);
    appendPositions(block, change.on);
    appendPositions(block, change.between);
  }
}

std::string sealBlock(std::string_view block) {
  std::string sealed(kLengthBytes + ZSTD_compressBound(block.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const size_t length = ZSTD_compress2(context, sealed.data() + kLengthBytes, sealed.size() - kLengthBytes,
                                       block.data(), block.size());
  ZSTD_freeCCtx(context);
  if (ZSTD_isError(length) != 0) throw std::runtime_error(ZSTD_getErrorName(length));
  for (size_t i = 0; i < kLengthBytes; ++i) sealed[i] = static_cast<char>(length >> (8 * i));
  sealed.resize(kLengthBytes + length);
  return sealed;
}

HistoryReader::HistoryReader(std::string_view file) : file_(file), offset_(kHistoryMagic.size()) {
  if (!file.starts_with(kHistoryMagic)) damaged("not a mask history");
  if (!nextBlock() || rest_.empty() || rest_[0] != static_cast<char>(HistoryTag::Initial))
    damaged("the initial masks are missing");
  rest_.remove_prefix(1);
  for (uint64_t layers = varint(); layers > 0; --layers) {
    const uint64_t size = varint();
    if (size > kLargestLayer) damaged("a layer of impossible size");
    const auto ones = positions(static_cast<int64_t>(size));
    Mask mask(static_cast<int64_t>(size));
    for (const int64_t position : ones) mask.set(position);
    initial_.push_back(std::move(mask));
  }
}

void HistoryReader::damaged(const char* what) const {
  throw HistoryDamage(fmt::format("{}, in the block at byte {}", what, blockOffset_));
}

bool HistoryReader::nextBlock() {
  blockOffset_ = offset_;
  if (offset_ == file_.size()) return false;
  if (file_.size() - offset_ < kLengthBytes) damaged("cut off");
  size_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i)
    length |= static_cast<size_t>(static_cast<unsigned char>(file_[offset_ + i])) << (8 * i);
  offset_ += kLengthBytes;
  if (length > file_.size() - offset_) damaged("cut off");
  const auto size = ZSTD_getFrameContentSize(file_.data() + offset_, length);
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLargestBlock ||
      size / 4096 > length * 64)  // Zstandard's own blocks bound the ratio
    damaged("not a Zstandard frame");
  block_.resize(size);
  const size_t got = ZSTD_decompress(block_.data(), block_.size(), file_.data() + offset_, length);
  if (ZSTD_isError(got) != 0) damaged(ZSTD_getErrorName(got));
  offset_ += length;
  rest_ = block_;
  return true;
}

uint64_t HistoryReader::varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) damaged("a number is cut off");
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  damaged("a number is too long");
}

std::vector<int64_t> HistoryReader::positions(int64_t size) {
  const uint64_t count = varint();
  if (count > rest_.size()) damaged("a list is cut off");
  std::vector<int64_t> result;
  result.reserve(count);
  int64_t next = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t gap = varint();
    if (gap >= static_cast<uint64_t>(size - next)) damaged("a position outside its layer");
    result.push_back(next + static_cast<int64_t>(gap));
    next = result.back() + 1;
  }
  return result;
}

std::optional<HistoryEntry> HistoryReader::next() {
  while (rest_.empty())
    if (!nextBlock()) return std::nullopt;
  const char tag = rest_.front();
  rest_.remove_prefix(1);
  if (complete_) damaged("something after the end");
  if (tag == static_cast<char>(HistoryTag::End)) {
    complete_ = true;
    return next();
  }
  if (tag != static_cast<char>(HistoryTag::Entry)) damaged("an unknown record");
  HistoryEntry entry;
  entry.update = static_cast<int64_t>(varint());
  entry.step = static_cast<int64_t>(varint());
  for (const Mask& mask : initial_) {
    HistoryChange& change = entry.layers.emplace_back();
    change.off = positions(mask.size());
    change.on = positions(mask.size());
    change.between = positions(mask.size());
  }
  return entry;
}

}  // namespace lab
