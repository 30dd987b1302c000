#include "run_end.h"

#include "run_json.h"
#include "run_summary.h"
#include "terminal.h"

#include <fmt/format.h>

namespace lab::cli {

int tellEnd(const RunResult& result, const RunWriter* writer, const Interrupts& interrupts, bool json) {
  const bool recorded = writer != nullptr && writer->begun();
  const auto directory = recorded ? writer->directory() : std::filesystem::path();
  if (json)
    printJson(runJson(result, directory, name(result.status)));
  else if (!result.engine.empty())  // empty: it never began
    fmt::print("{}", runSummary(result, directory, name(result.status)));
  if (result.status == RunStatus::Failed) complain(result.reason);
  if (result.status == RunStatus::Stopped && interrupts.requested()) return interrupts.exitCode(recorded);
  return static_cast<int>(result.exitCode);
}

}  // namespace lab::cli
