#pragma once
// The models, each a function from the data's shape to a NetworkSpec, and the table of them.

#include "network/network_spec.h"
#include "parameters/config.h"

#include <span>
#include <string>
#include <string_view>

namespace lab {

struct Model {
  std::string_view name;
  std::string_view help;
  std::string_view source;
  bool readsHiddenWidths;  ///< whether the parameter hidden_widths means anything to it
  NetworkSpec (*make)(const Config& config, Shape input, int64_t classes);
};

std::span<const Model> models();
const Model* findModel(std::string_view name);
std::vector<std::string> modelNames();

/// "1024,512" to {1024, 512}. Problem: not whole numbers from 1 to 65536 separated by commas.
Result<std::vector<int64_t>> parseWidths(std::string_view text);

/// A model in a few characters that any file system takes: its name, or of a file the stem with - for all but letters,
/// digits, dots and dashes.
std::string modelLabel(std::string_view model);

/// The network of a configuration for data of this shape: a row of the table, or a file (network_toml.h).
Result<NetworkSpec> makeNetwork(const Config& config, Shape input, int64_t classes);

/// What the network of a configuration's file is, but for its name; the path where the file does not describe one.
std::string networkText(const Config& config);

}  // namespace lab
