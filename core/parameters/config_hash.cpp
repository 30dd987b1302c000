#include "network/models.h"
#include "network/network_toml.h"
#include "parameters/config_builder.h"

#include <fmt/format.h>

namespace lab {

namespace {

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
uint64_t fnv1a(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// A value as what it means for results: a network's file by what it describes, wherever it lies.
std::string meaning(const Config& config, const Parameter& parameter) {
  if (parameter.key == "model" && isNetworkFile(config.model)) return networkText(config);
  return valueText(config, parameter);
}

}  // namespace

std::string configurationHash(const Config& config) {
  std::string canonical = fmt::format("numerics={}\n", kNumericsVersion);
  const auto idle = idleParameters(config);
  for (const Parameter& parameter : parameters())
    if (parameter.affectsResults && !idle.contains(std::string(parameter.key)))
      canonical += fmt::format("{}={}\n", parameter.key, meaning(config, parameter));
  return fmt::format("{:016x}", fnv1a(canonical));
}

}  // namespace lab
