#include "random/keyed_random.h"

#include <cmath>

namespace lab {

namespace {

constexpr uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

double unitInterval(uint32_t high, uint32_t low) {
  const uint64_t bits = (uint64_t{high} << 32 | low) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

}  // namespace

Block philox4x32(Block counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const uint64_t product0 = kMultiplier0 * counter[0];
    const uint64_t product1 = kMultiplier1 * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Block randomBlock(const RandomKey& key, uint64_t index) {
  // The purpose takes the high bits of the layer word: a network has far fewer than 2^24 layers.
  const Block counter = {static_cast<uint32_t>(index), key.time, key.layer | static_cast<uint32_t>(key.purpose) << 24,
                         static_cast<uint32_t>(index >> 32)};
  return philox4x32(counter, {static_cast<uint32_t>(key.seed), static_cast<uint32_t>(key.seed >> 32)});
}

double uniformAt(const RandomKey& key, uint64_t index) {
  const Block block = randomBlock(key, index);
  return unitInterval(block[0], block[1]);
}

double normalAt(const RandomKey& key, uint64_t index) {
  const Block block = randomBlock(key, index);
  const double radius = std::sqrt(-2.0 * std::log(1.0 - unitInterval(block[0], block[1])));
  return radius * std::cos(2.0 * 3.14159265358979323846 * unitInterval(block[2], block[3]));
}

}  // namespace lab
