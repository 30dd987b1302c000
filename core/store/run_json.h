#pragma once
// The JSON of a run directory: manifest.json (what the run started from) and state.json (how it stands).

#include "result.h"
#include "training/run_observer.h"

#include <string>
#include <string_view>

namespace lab {

struct ManifestExtra {
  std::string programVersion;
  std::string commandLine;
  std::string started;  ///< ISO 8601, UTC
};

std::string manifestJson(const RunStart& start, const ManifestExtra& extra);

/// Everything of the start but configuration and initial masks, which have files of their own.
Result<RunStart> parseManifest(std::string_view text, const std::string& where);

struct RunState {
  std::string status;  ///< running, done, stopped, failed
  std::string reason;
  std::string hash;
  std::string started, heartbeat;  ///< ISO 8601, UTC
  RunResult result;                ///< once ended; its survival curve is survival.csv
};

std::string stateJson(const RunState& state);
Result<RunState> parseState(std::string_view text, const std::string& where);

}  // namespace lab
