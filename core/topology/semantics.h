#pragma once
// "exact" is what the paper describes, done right. "official" repeats what the paper's published code does otherwise
// and what changes the numbers of a completed run, so that published numbers can be compared with.

#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct Semantics {
  /// First masks and random growth by one coin flip a position: the number of active weights drifts.
  bool coinFlips = false;
  /// Drops everything not above the k-th magnitude: more than k on ties, and zeros even when k = 0.
  bool dropsByThreshold = false;
  /// The drop rule `sign` keeps the negative weights of largest magnitude only in name: it drops nearly all of them.
  bool dropsNegatives = false;
  /// An update may fall on the last step; what it grows is never trained.
  bool updatesAtLastStep = false;
  /// Momentum is masked before it is scored, so that growth by momentum grows again what was just dropped.
  bool masksMomentum = false;
  /// Chooses the best weights by validation images that are augmented as those of training.
  bool augmentsValidation = false;
  /// Reports the test accuracy of the best validation, beside the R_s of the end.
  bool reportsBestValidation = false;
  /// The distribution er is that of kernels (erk), but layers that overflow are cut and nobody gets the rest, so that
  /// it realises less than asked.
  bool ignoresOverflow = false;
  /// A mean loss over n steps is divided by n - 1.
  bool dividesByLastIndex = false;

  bool operator==(const Semantics&) const = default;
};

/// `name`: a value of the parameter `semantics`.
Semantics semanticsNamed(std::string_view name);
std::vector<std::string> semanticsNames();

}  // namespace lab
