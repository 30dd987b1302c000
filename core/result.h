#pragma once
// Errors of user input travel as values: every problem is named, nothing is thrown and nothing is half done.

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lab {

/// One thing wrong with what the user gave. `key` is a parameter key, a path or a line; `message` is a whole
/// sentence that names the offending value and what would be right.
struct Problem {
  std::string key;
  std::string message;
  bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

void append(Problems& problems, Problems more);

/// All messages, one a line.
std::string describe(const Problems& problems);

/// Either a value or at least one problem.
template <class T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Problems problems) : state_(std::move(problems)) {}
  Result(Problem problem) : state_(Problems{std::move(problem)}) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }
  T& value() { return std::get<T>(state_); }
  const T& value() const { return std::get<T>(state_); }
  T take() { return std::move(std::get<T>(state_)); }
  const Problems& problems() const { return std::get<Problems>(state_); }

 private:
  std::variant<T, Problems> state_;
};

}  // namespace lab
