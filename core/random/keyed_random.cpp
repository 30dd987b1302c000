#include "random/keyed_random.h"

#include "random/philox.h"

#include <cmath>

namespace lab {

namespace {

double unitInterval(uint32_t high, uint32_t low) {
  const uint64_t bits = (uint64_t{high} << 32 | low) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

}  // namespace

Block philox4x32(Block counter, std::array<uint32_t, 2> key) { return philoxRounds(counter, key[0], key[1]); }

Block randomBlock(const RandomKey& key, uint64_t index) { return blockAt(key, index); }

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
