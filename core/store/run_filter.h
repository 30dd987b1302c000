#pragma once
// A small language to choose runs with. Terms, separated by blanks, must all hold:
//   fashion               a word found in the run's name, data set, model, method, status, tags or note
//   method:set            a value (":" or "="); method:set,rigl one of several; in notes and names a part is
//   enough sparsity>=0.98        numbers: < <= > >= = !=; fractions may be written as percent: accuracy>87%
//   tag:good              has this tag
//   -tag:bad              "-" before a term: must not hold
//   note:"two words"      quotes keep blanks
// Keys are those of runFields() and of all parameters. A parameter without effect in a run has no value there.

#include "result.h"
#include "store/run_reader.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

class RunFilter {
 public:
  RunFilter() = default;  ///< every run that is not archived

  /// Problem: the term that cannot be read (its key) and what would be right.
  static Result<RunFilter> parse(std::string_view text);

  /// Archived runs fit only where a term says something about `archived`, or with `includeArchived`.
  bool fits(const StoredRun& run, bool includeArchived = false) const;

 private:
  using Term = std::function<bool(const StoredRun&)>;
  std::vector<Term> terms_;
  bool namesArchived_ = false;
};

}  // namespace lab
