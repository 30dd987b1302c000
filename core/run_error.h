#pragma once
// A failure during a run that has an exit code of its own. Caught once, at the top of the run.

#include "exit_codes.h"

#include <stdexcept>
#include <string>

namespace lab {

class RunError : public std::runtime_error {
 public:
  RunError(ExitCode code, const std::string& reason) : std::runtime_error(reason), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace lab
