#include "topology/semantics.h"

namespace lab {

namespace {
constexpr std::string_view kExact = "exact";
constexpr std::string_view kOfficial = "official";
}  // namespace

Semantics semanticsNamed(std::string_view name) {
  Semantics semantics;
  if (name == kOfficial) {
    semantics.coinFlips = semantics.dropsByThreshold = semantics.dropsNegatives = true;
    semantics.updatesAtLastStep = semantics.masksMomentum = true;
    semantics.augmentsValidation = semantics.reportsBestValidation = true;
    semantics.ignoresOverflow = semantics.dividesByLastIndex = true;
  }
  return semantics;
}

std::vector<std::string> semanticsNames() { return {std::string(kExact), std::string(kOfficial)}; }

}  // namespace lab
