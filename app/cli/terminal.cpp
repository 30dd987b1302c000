#include "terminal.h"

#include "run_error.h"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace lab::cli {

namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kPlainLine = std::chrono::seconds(5);

bool colorsWanted(int descriptor) {
  const char* no = std::getenv("NO_COLOR");
  return (no == nullptr || *no == '\0') && isatty(descriptor) == 1;
}

std::string paint(std::string_view text, Color color) {
  constexpr const char* kCodes[] = {"31", "32", "33", "1"};
  return fmt::format("\033[{}m{}\033[0m", kCodes[static_cast<size_t>(color)], text);
}

size_t terminalColumns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string bar(double fraction) {
  constexpr int kWidth = 12;
  const int full = static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * kWidth));
  return "[" + std::string(static_cast<size_t>(full), '#') + std::string(static_cast<size_t>(kWidth - full), '.') +
         "]";
}

}  // namespace

Loudness loudness(bool quiet) {
  const char* wanted = std::getenv("ITOPLAB_LOG");
  const std::string_view text = wanted == nullptr || *wanted == '\0' ? "normal" : wanted;
  if (quiet || text == "quiet") return Loudness::Quiet;
  if (text == "normal") return Loudness::Normal;
  if (text == "verbose") return Loudness::Verbose;
  throw RunError(ExitCode::Usage, fmt::format("ITOPLAB_LOG is '{}'; it must be quiet, normal or verbose", text));
}

std::string colored(std::string_view text, Color color) {
  return colorsWanted(STDOUT_FILENO) ? paint(text, color) : std::string(text);
}

void complain(std::string_view message) {
  const std::string mark = colorsWanted(STDERR_FILENO) ? paint("error:", Color::Red) : "error:";
  fmt::print(stderr, "{} {}\n", mark, message);
}

void say(std::string_view message) { fmt::print(stderr, "{}\n", message); }

ProgressLine::ProgressLine(bool shown)
    : shown_(shown), terminal_(isatty(STDERR_FILENO) == 1), last_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() { clear(); }

bool ProgressLine::due() const {
  if (!shown_) return false;
  const auto since = std::chrono::steady_clock::now() - last_;
  return terminal_ ? !drawn_ || since >= kRedraw : since >= kPlainLine;
}

void ProgressLine::update(double fraction, std::string_view text) {
  last_ = std::chrono::steady_clock::now();
  if (!terminal_) return fmt::print(stderr, "{:3.0f} %  {}\n", fraction * 100, text);
  std::string line = fmt::format("{} {:3.0f} %  {}", bar(fraction), fraction * 100, text);
  // A line that wraps cannot be rewritten. Bytes, not columns: the few letters beyond ASCII make it shorter only.
  line.resize(std::min(line.size(), terminalColumns() - 1));
  fmt::print(stderr, "\r\033[K{}", line);
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressLine::clear() {
  if (terminal_ && drawn_) fmt::print(stderr, "\r\033[K");
  drawn_ = false;
}

std::string percentText(double fraction) { return fmt::format("{:.2f} %", fraction * 100); }

std::string durationText(double seconds) {
  if (!(seconds >= 0)) return "?";
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string countText(int64_t count) {
  std::string text = std::to_string(count);
  for (auto place = static_cast<int64_t>(text.size()) - 3; place > (count < 0 ? 1 : 0); place -= 3)
    text.insert(static_cast<size_t>(place), ",");
  return text;
}

}  // namespace lab::cli
