#pragma once
// The lines of log.txt: the run as a person would tell it.

#include "training/run_observer.h"

#include <string>

namespace lab {

std::string startText(const RunStart& start);
std::string metricsText(const Metrics& row);  ///< empty for rows that do not evaluate
std::string eventText(const RunEvent& event);
std::string endText(const RunResult& result);

}  // namespace lab
