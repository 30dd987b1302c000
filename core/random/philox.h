#pragma once
// The random numbers of keyed_random.h as inline functions, for processor and GPU.

#include "host_device.h"
#include "random/keyed_random.h"

namespace lab {

LAB_HD inline Block philoxRounds(Block counter, uint32_t key0, uint32_t key1) {
  constexpr uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = kMultiplier0 * counter[0];
    const uint64_t product1 = kMultiplier1 * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key0, static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key1, static_cast<uint32_t>(product0)};
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  return counter;
}

/// randomBlock() of keyed_random.h.
LAB_HD inline Block blockAt(const RandomKey& key, uint64_t index) {
  // The purpose takes the high bits of the layer word: a network has far fewer than 2^24 layers.
  const Block counter = {static_cast<uint32_t>(index), key.time, key.layer | static_cast<uint32_t>(key.purpose) << 24,
                         static_cast<uint32_t>(index >> 32)};
  return philoxRounds(counter, static_cast<uint32_t>(key.seed), static_cast<uint32_t>(key.seed >> 32));
}

}  // namespace lab
