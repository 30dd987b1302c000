#pragma once
// For tests of messages.

#include <string_view>

namespace lab::test {

inline bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace lab::test
