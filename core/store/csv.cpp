#include "store/csv.h"

#include "store/files.h"

namespace lab {

void appendField(std::string& line, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

Problem csvProblem(const std::string& where, int64_t line, const std::string& what) {
  return {where, fmt::format("{}, line {}: {}", where, line, what)};
}

Result<std::vector<CsvRecord>> parseCsv(std::string_view text, const std::string& where) {
  std::vector<CsvRecord> records;
  CsvRecord record{1, {""}};
  int64_t line = 1;
  bool quoted = false, afterQuote = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = record.fields.back();
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else {
        quoted = false;
        afterQuote = true;
      }
    } else if (c == '"') {
      if (!field.empty() || afterQuote) return csvProblem(where, line, "a quote in the middle of a field");
      quoted = true;
    } else if (c == ',') {
      record.fields.emplace_back();
      afterQuote = false;
    } else if (c == '\n') {
      records.push_back(std::move(record));
      record = {line, {""}};
      afterQuote = false;
    } else if (c != '\r' || i + 1 >= text.size() || text[i + 1] != '\n') {
      if (afterQuote) return csvProblem(where, line, "text after a closing quote");
      field += c;
    }
  }
  return records;
}

Result<std::vector<CsvRecord>> readCsv(const std::filesystem::path& file) {
  auto text = readWhole(file);
  if (!text) return text.problems();
  return parseCsv(text.value(), file.string());
}

}  // namespace lab
