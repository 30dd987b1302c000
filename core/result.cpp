#include "result.h"

namespace lab {

std::string describe(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.message;
  }
  return text;
}

}  // namespace lab
