#include "store/annotations.h"

#include "store/files.h"
#include "run_error.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <system_error>

namespace lab {

namespace fs = std::filesystem;
using nlohmann::json;

Result<Annotations> readAnnotations(const fs::path& run) {
  const fs::path file = run / kAnnotationsFile;
  std::error_code error;
  if (!fs::exists(file, error)) return Annotations{};
  const auto text = readWhole(file);
  if (!text) return text.problems();
  try {
    const json object = json::parse(text.value());
    Annotations annotations;
    object.at("tags").get_to(annotations.tags);
    object.at("note").get_to(annotations.note);
    object.at("archived").get_to(annotations.archived);
    return annotations;
  } catch (const json::exception& damage) {
    return Problem{file.string(), fmt::format("{} is damaged: {}; the run's tags and note are lost, and new ones "
                                              "take their place",
                                              file.string(), damage.what())};
  }
}

void writeAnnotations(const fs::path& run, const Annotations& annotations) {
  const fs::path file = run / kAnnotationsFile;
  if (annotations == Annotations{}) {
    std::error_code error;
    fs::remove(file, error);
    if (error) throw RunError(ExitCode::Disk, fmt::format("cannot remove {}: {}", file.string(), error.message()));
    return;
  }
  const json object = {{"tags", annotations.tags}, {"note", annotations.note}, {"archived", annotations.archived}};
  writeWhole(file, object.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

std::string whyNoTag(std::string_view text) {
  if (!text.empty() && text.find_first_of(" \t\n\r\",") == text.npos && text.front() != '-') return {};
  return fmt::format(
      "\"{}\" is no tag: one word without blanks, quotes and commas that does not begin with a "
      "dash would be right",
      text);
}

}  // namespace lab
