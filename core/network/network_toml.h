#pragma once
// Networks as TOML files: a list `op` of operations in order, each a table.
//
//   op = [
//     { kind = "conv2d", name = "a", outputs = 16, kernel = 3, padding = 1 },
//     { kind = "relu" },
//     { kind = "add", inputs = ["relu1", "a"] },   # operations before it, or "input"; left out: the one before
//     { kind = "flatten" },
//     { kind = "linear" },                         # the last one: as many outputs as there are classes
//   ]
//
// Keys: outputs and bias (true) of linear and conv2d; kernel, stride and padding of conv2d (1, 1, 0) and max-pool
// (required, kernel, 0). Operations without a name are called after their kind: fc1, conv1, bn1, relu1, pool1,
// avgpool1, add1, flatten1.

#include "network/network_spec.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace lab {

/// What a model's name ends in when it is the path of such a file.
inline constexpr std::string_view kNetworkFileSuffix = ".toml";
bool isNetworkFile(std::string_view model);

/// The network that `text` describes for data of this shape. Problems name `where` with the line, or the
/// operation: unknown keys and kinds, values out of range, inputs that do not fit, a last operation that does not
/// give one value a class, no weights at all, a size beyond any machine.
Result<NetworkSpec> parseNetwork(std::string_view text, std::string_view where, Shape input, int64_t classes);

/// The same of a file, called after it. Problem: it cannot be read.
Result<NetworkSpec> readNetwork(const std::filesystem::path& file, Shape input, int64_t classes);

/// The text that parseNetwork() reads back to the same network.
std::string toToml(const NetworkSpec& network);

}  // namespace lab
