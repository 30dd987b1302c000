#pragma once
// A linear layer of several runs that share an arena: one batched product instead of one a run.

#include "engines/cuda/operations.h"

namespace lab::cuda {

/// Its tensors hold the samples of the first run, then those of the second, and so on: as many of each.
std::unique_ptr<Operation> makePackedLinear(const Op& op, const Shape& input, const Parameter& parameter);

/// Why networks of this kind cannot share an arena; empty when they can: only what treats every sample for itself, or is
/// a product over runs, may be among their operations.
std::string packingProblem(const NetworkSpec& network);

}  // namespace lab::cuda
