#pragma once
// What a stored run can be listed, filtered and exported by, besides its parameters: one row each.

#include "store/run_reader.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lab {

struct RunField {
  std::string_view key;       ///< in filters and CSV headers
  std::string_view shortKey;  ///< a shorter name for filters; empty: none
  std::string_view label;     ///< for people
  std::string_view help;
  std::optional<double> (*number)(const StoredRun&) = nullptr;  ///< nothing: not known, not yet, or no such thing
  std::string (*text)(const StoredRun&) = nullptr;              ///< of fields that are no numbers
  bool isFraction = false;                                      ///< people read it as percent
};

std::span<const RunField> runFields();

/// By key or short key; null when there is none.
const RunField* findRunField(std::string_view key);

/// As exports write it: numbers with 17 digits; empty when there is no value.
std::string fieldText(const RunField& field, const StoredRun& run);

}  // namespace lab
