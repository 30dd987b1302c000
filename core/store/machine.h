#pragma once
// What a run record says about the machine and the program.

#include <string>

namespace lab {

struct Machine {
  std::string host;
  std::string cpu;     ///< model name
  int cores = 0;       ///< those this process may use
  std::string system;  ///< kernel name, release and architecture
};

Machine thisMachine();

/// The commit the program was built from, "-dirty" when changed; empty outside a checkout.
std::string gitState();

}  // namespace lab
