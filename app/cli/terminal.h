#pragma once
// How the program speaks: messages and progress on standard error, colours only where they are wanted.

#include <chrono>
#include <string>
#include <string_view>

namespace lab::cli {

enum class Loudness { Quiet, Normal, Verbose };

/// ITOPLAB_LOG, or quiet when `quiet` says so. Throws RunError (Usage) for another value.
Loudness loudness(bool quiet);

enum class Color { Red, Green, Yellow, Bold };
/// `text` in colour when standard output is a terminal and NO_COLOR is not set.
std::string colored(std::string_view text, Color color);

void complain(std::string_view message);  ///< "error: ..." on standard error
void say(std::string_view message);       ///< a line on standard error, above the progress line

/// A line that is rewritten in place on a terminal; elsewhere a plain line every few seconds.
class ProgressLine {
 public:
  explicit ProgressLine(bool shown);
  ~ProgressLine();

  /// Whether update() would print now: ten times a second on a terminal, else every five seconds.
  bool due() const;
  /// `fraction` done, 0..1; `text` what stands beside the bar.
  void update(double fraction, std::string_view text);
  void clear();

 private:
  bool shown_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

std::string percentText(double fraction);  ///< "86.02 %"
std::string durationText(double seconds);  ///< "3.2 s", "2 min 05 s", "1 h 03 min"; "?" when negative
std::string countText(int64_t count);      ///< "1,333,248"

}  // namespace lab::cli
