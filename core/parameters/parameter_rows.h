#pragma once
// The rows of parameter_table.h, one file a group.

#include "parameters/parameter_table.h"

#include <span>

namespace lab {

std::span<const Parameter> dataRows();
std::span<const Parameter> sparsityRows();
std::span<const Parameter> explorationRows();
std::span<const Parameter> trainingRows();
std::span<const Parameter> engineRows();

}  // namespace lab
