#pragma once
// CSV as RFC 4180 has it: comma, quotes where needed, CRLF accepted, UTF-8, dot decimal whatever the locale.
// A column is a name, how a row writes it and how a row reads it; writer and reader of a table share its columns.

#include "result.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lab {

void appendField(std::string& line, std::string_view text);  ///< quoted when it must be
template <std::integral T>
void appendField(std::string& line, T value) {
  fmt::format_to(std::back_inserter(line), "{}", value);
}
inline void appendField(std::string& line, double value) {
  fmt::format_to(std::back_inserter(line), "{:.17g}", value);
}
template <class T>
void appendField(std::string& line, const std::optional<T>& value) {
  if (value) appendField(line, *value);
}

/// False: not a value of this type. Empty means "none" for optionals only.
inline bool readField(std::string_view text, std::string& value) { return value = text, true; }
template <class T>
requires std::is_arithmetic_v<T>
bool readField(std::string_view text, T& value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}
template <class T>
bool readField(std::string_view text, std::optional<T>& value) {
  if (text.empty()) return value.reset(), true;
  return readField(text, value.emplace());
}

template <class Row>
struct Column {
  std::string name;
  std::function<void(std::string&, const Row&)> write;
  std::function<bool(std::string_view, Row&)> read;
};

/// A column from `access`, which gives the member of a row as a reference.
template <class Row, class Access>
Column<Row> column(std::string name, Access access) {
  return {std::move(name), [access](std::string& line, const Row& row) { appendField(line, access(row)); },
          [access](std::string_view text, Row& row) { return readField(text, access(row)); }};
}

template <class Row>
using Columns = std::vector<Column<Row>>;

template <class Row>
std::string headerLine(const Columns<Row>& columns) {
  std::string line;
  for (const Column<Row>& c : columns) line += (line.empty() ? "" : ",") + c.name;
  return line + "\n";
}

template <class Row>
void appendRow(std::string& lines, const Columns<Row>& columns, const Row& row) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) lines += ',';
    columns[i].write(lines, row);
  }
  lines += '\n';
}

struct CsvRecord {
  int64_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields;
};

/// The records of a CSV text. A last line without an end (torn while it was written) is left out.
/// Problems: a stray quote, with its line.
Result<std::vector<CsvRecord>> parseCsv(std::string_view text, const std::string& where);

Result<std::vector<CsvRecord>> readCsv(const std::filesystem::path& file);
Problem csvProblem(const std::string& where, int64_t line, const std::string& what);

/// Reads a table back. Columns are found by name: unknown ones are passed over; one that is missing, as in a record
/// older than the column, leaves the row's default. Without the first column it is not this table: a problem.
template <class Row>
Result<std::vector<Row>> readTable(const std::filesystem::path& file, const Columns<Row>& columns) {
  auto records = readCsv(file);
  if (!records) return records.problems();
  const std::string where = file.string();
  if (records.value().empty()) return csvProblem(where, 1, "the header is missing");
  const std::vector<std::string>& header = records.value().front().fields;
  std::vector<size_t> place;  // of each column in the header; beyond its end: missing
  for (const Column<Row>& c : columns)
    place.push_back(static_cast<size_t>(std::ranges::find(header, c.name) - header.begin()));
  if (place.front() == header.size())
    return csvProblem(where, 1, fmt::format("the column {} is missing", columns.front().name));
  std::vector<Row> rows;
  for (size_t r = 1; r < records.value().size(); ++r) {
    const CsvRecord& record = records.value()[r];
    if (record.fields.size() != header.size())
      return csvProblem(where, record.line,
                        fmt::format("{} fields where the header has {}", record.fields.size(), header.size()));
    Row row{};
    for (size_t c = 0; c < columns.size(); ++c)
      if (place[c] < header.size() && !columns[c].read(record.fields[place[c]], row))
        return csvProblem(where, record.line,
                          fmt::format("{} is not a value of {}", record.fields[place[c]], columns[c].name));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace lab
