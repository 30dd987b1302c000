#pragma once
// Which kernels this machine runs.

#include "engines/sparse/kernels.h"

#include <string>
#include <vector>

namespace lab::sparse {

/// Kernels that this program has and this processor can run; the widest first. Never empty.
std::vector<const Kernels*> availableKernels();

struct KernelChoice {
  const Kernels* kernels = nullptr;
  std::string detail;   ///< for people
  std::string problem;  ///< of the environment variable ITOPLAB_ISA; empty when there is none
};

/// The widest, or what ITOPLAB_ISA (portable, avx2, avx512) asks for.
KernelChoice chooseKernels();

}  // namespace lab::sparse
