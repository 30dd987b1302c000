#include "store/tensorboard.h"

#include "store/machine.h"
#include "store/varint.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace lab {

namespace {

constexpr std::array<uint32_t, 256> makeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0x82f63b78 : 0);
    table[i] = value;
  }
  return table;
}
constexpr auto kTable = makeTable();

template <class T>
void appendRaw(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

/// TensorFlow's own: a CRC of data that hold CRCs would say little.
uint32_t masked(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8; }

// Protocol buffers: a field is its number and wire type, then the value.
enum Wire : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void appendTag(std::string& out, uint64_t field, Wire wire) { appendVarint(out, field << 3 | wire); }

void appendBytes(std::string& out, uint64_t field, std::string_view bytes) {
  appendTag(out, field, kBytes);
  appendVarint(out, bytes.size());
  out += bytes;
}

// Event: wall_time = 1, step = 2, file_version = 3, summary = 5. Summary: value = 1. Its Value: tag = 1,
// simple_value = 2.
std::string event(double time, int64_t step) {
  std::string out;
  appendTag(out, 1, kFixed64);
  appendRaw(out, time);
  appendTag(out, 2, kVarint);
  appendVarint(out, static_cast<uint64_t>(step));
  return out;
}

void appendScalar(std::string& summary, std::string_view tag, double number) {
  std::string value;
  appendBytes(value, 1, tag);
  appendTag(value, 2, kFixed32);
  appendRaw(value, static_cast<float>(number));
  appendBytes(summary, 1, value);
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = ~0U;
  for (const char c : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

std::string tfRecord(std::string_view data) {
  std::string out;
  appendRaw(out, static_cast<uint64_t>(data.size()));
  appendRaw(out, masked(crc32c(out)));
  out += data;
  appendRaw(out, masked(crc32c(data)));
  return out;
}

std::string eventFileHeader(double time) {
  std::string first = event(time, 0);
  appendBytes(first, 3, "brain.Event:2");
  return tfRecord(first);
}

std::string metricsEvent(const Metrics& row, double time) {
  std::string summary;
  const auto put = [&](std::string_view tag, const std::optional<double>& number) {
    if (number) appendScalar(summary, tag, *number);
  };
  put("loss/train", row.trainLoss);
  put("loss/validation", row.validationLoss);
  put("loss/test", row.testLoss);
  put("accuracy/train", row.trainAccuracy);
  put("accuracy/validation", row.validationAccuracy);
  put("accuracy/test", row.testAccuracy);
  put("exploration/r_s", row.rs);
  put("exploration/r_rel", row.reliable);
  put("exploration/density", row.density);
  put("schedule/learning_rate", row.learningRate);
  put("schedule/prune_rate", row.pruneRate);
  put("schedule/epoch", row.epoch);
  put("cost/train_flops_relative_to_dense", row.trainFlopsRelativeToDense);
  std::string out = event(time, row.step);
  appendBytes(out, 5, summary);
  return tfRecord(out);
}

std::string eventFileName(double time) {
  return fmt::format("events.out.tfevents.{}.{}", static_cast<int64_t>(time), thisMachine().host);
}

}  // namespace lab
