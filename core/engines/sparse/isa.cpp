#include "engines/sparse/isa.h"

#include <cstdlib>

namespace lab::sparse {

std::vector<const Kernels*> availableKernels() {
  std::vector<const Kernels*> kernels;
#ifdef LAB_X86_KERNELS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    kernels.push_back(&kAvx512Kernels);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels.push_back(&kAvx2Kernels);
#endif
  kernels.push_back(&kPortableKernels);
  return kernels;
}

KernelChoice chooseKernels() {
  const auto available = availableKernels();
  const char* asked = std::getenv("ITOPLAB_ISA");
  if (asked == nullptr || *asked == '\0') return {available.front(), available.front()->name, {}};
  std::string names;
  for (const Kernels* kernels : available) {
    if (std::string(asked) == kernels->name)
      return {kernels, std::string(asked) + " (asked for by ITOPLAB_ISA)", {}};
    names += (names.empty() ? "" : ", ") + std::string(kernels->name);
  }
  return {available.front(), available.front()->name,
          "the environment variable ITOPLAB_ISA is '" + std::string(asked) + "', and this machine has " + names};
}

}  // namespace lab::sparse
