#pragma once
// What the form holds: the values that somebody set, as text, and what they come to. No widgets.

#include "parameters/config.h"
#include "parameters/parameter_table.h"
#include "result.h"

#include <map>
#include <string>

namespace lab::ui {

/// Parameter key to the text in its field. Keys that are not here have their default.
using FormValues = std::map<std::string, std::string>;

struct FormOutcome {
  Config config;    ///< what Start would train; parameters without effect have their defaults in it
  Config defaults;  ///< with the chosen method's own values
  Problems problems;
  std::map<std::string, std::string> idle;  ///< key to the reason why it has no effect
};

FormOutcome resolve(const FormValues& values);

/// The values that resolve to `config`.
FormValues valuesOf(const Config& config);

}  // namespace lab::ui
