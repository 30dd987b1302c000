#include "experiments/report.h"

#include "parameters/config_builder.h"
#include "parameters/parameter_table.h"
#include "store/machine.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <set>

namespace lab {

namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --line: #d8dce0; --muted: #66707a; --soft: #f4f6f8; }
@media (prefers-color-scheme: dark) { :root { --line: #3a4047; --muted: #9aa4ae; --soft: #22272c; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 40px auto; padding: 0 24px; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 18px; margin: 36px 0 8px; }
.muted { color: var(--muted); }
figure { margin: 24px 0; padding: 12px; background: #fff; border: 1px solid var(--line); border-radius: 8px; }
figure svg { width: 100%; height: auto; display: block; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.pass { color: #1a7f4b; } .fail { color: #c0392b; } .undecided { color: #a06a00; }
@media (prefers-color-scheme: dark) { .pass { color: #4cc38a; } .fail { color: #ff8a7a; } .undecided { color: #e0b050; } }
.verdict { font-weight: 600; }
code { background: var(--soft); padding: 1px 5px; border-radius: 4px; overflow-wrap: anywhere; }
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string labelOf(std::string_view key) {
  const Parameter* parameter = findParameter(key);
  return parameter == nullptr ? std::string(key) : std::string(parameter->label);
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

/// An SVG file without what comes before its element: it stands inside a page.
std::string_view inlineSvg(std::string_view svg) {
  const auto begin = svg.find("<svg");
  return begin == std::string_view::npos ? std::string_view{} : svg.substr(begin);
}

class Table {
 public:
  /// A title that begins with '>' is of a column of numbers.
  Table(std::string& out, const std::vector<std::string>& titles) : out_(out) {
    for (const std::string& title : titles) numbers_.push_back(title.starts_with('>'));
    out_ += "<table>\n";
    std::vector<std::string> plain;
    for (const std::string& title : titles) plain.push_back(escaped(title.substr(title.starts_with('>') ? 1 : 0)));
    row(plain, "th");
  }
  ~Table() { out_ += "</table>\n"; }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  /// Cells are HTML.
  void row(const std::vector<std::string>& cells, const char* tag = "td") {
    out_ += "<tr>";
    for (size_t i = 0; i < cells.size(); ++i)
      out_ += fmt::format("<{0}{1}>{2}</{0}>", tag, numbers_[i] ? " class=\"n\"" : "", cells[i]);
    out_ += "</tr>\n";
  }

 private:
  std::string& out_;
  std::vector<bool> numbers_;
};

void addVerdicts(std::string& out, const ReportInput& input) {
  out += "<h2>What the paper says, and what was found</h2>\n";
  if (input.data.contrasts.empty()) {
    out += "<p class=\"muted\">This figure makes no claim that can be judged.</p>\n";
    return;
  }
  Table table(out, {"Claim", labelOf(input.grid.figure->panelKey), "Verdict", "Measured"});
  for (const ContrastResult& c : input.data.contrasts)
    table.row({fmt::format("<b>{}</b><br><span class=\"muted\">{}</span>", escaped(c.name), escaped(c.paper)),
               escaped(c.panel), fmt::format("<span class=\"verdict {0}\">{0}</span>", name(c.verdict)),
               escaped(c.sentence)});
}

void addPoints(std::string& out, const ReportInput& input) {
  const Figure& figure = *input.grid.figure;
  out += "<h2>Numbers</h2>\n<p class=\"muted\">Mean ± standard deviation over seeds.</p>\n";
  std::vector<std::string> titles{labelOf(figure.panelKey)};
  if (!figure.seriesKey.empty()) titles.push_back(labelOf(figure.seriesKey));
  for (const char* title : {">R_s", ">R_rel", ">Test accuracy", ">Seeds"}) titles.emplace_back(title);
  titles.insert(titles.end() - 4, labelOf(figure.curveKey));
  Table table(out, titles);
  const auto add = [&](const FigurePoint& p, bool dense) {
    std::vector<std::string> cells{escaped(p.panel)};
    if (!figure.seriesKey.empty()) cells.push_back(dense ? "dense" : escaped(p.series));
    for (const std::string& cell :
         {escaped(p.curve), fmt::format("{:.4f} ± {:.4f}", p.rs, p.rsDeviation), fmt::format("{:.4f}", p.reliable),
          fmt::format("{} ± {:.2f}", percent(p.accuracy), 100 * p.accuracyDeviation), std::to_string(p.n)})
      cells.push_back(cell);
    table.row(cells);
  };
  for (const FigurePoint& p : input.data.points) add(p, false);
  for (const FigurePoint& p : input.data.dense) add(p, true);
}

/// What all runs have in common, and is not said by an axis.
void addSettings(std::string& out, const ReportInput& input) {
  out += "<h2>Settings of all runs</h2>\n";
  Table table(out, {"Parameter", "Value", "Key"});
  for (const Parameter& parameter : parameters()) {
    std::set<std::string> values;
    for (const Cell& cell : input.grid.cells) values.insert(valueText(cell.config, parameter));
    if (values.size() != 1 || !parameter.affectsResults || parameter.key == "seed") continue;
    const auto idle = idleParameters(input.grid.cells.front().config);
    if (idle.contains(std::string(parameter.key))) continue;
    const std::string unit = parameter.unit.empty() ? "" : " " + std::string(parameter.unit);
    table.row({escaped(parameter.label), escaped(*values.begin() + unit),
               fmt::format("<code>{}</code>", parameter.key)});
  }
}

void addRuns(std::string& out, const ReportInput& input) {
  out += "<h2>Runs</h2>\n";
  Table table(out, {"Run", "Place in the figure", ">Seed", ">Test accuracy", ">R_s", "State"});
  for (size_t i = 0; i < std::min(input.grid.cells.size(), input.results.size()); ++i) {
    const Cell& cell = input.grid.cells[i];
    const CellResult& result = input.results[i];
    std::string place;
    for (const std::string& label : cell.labels) place += (place.empty() ? "" : " · ") + label;
    const bool done = result.finished();
    table.row({fmt::format("<code>{}</code>", escaped(result.directory.filename().string())), escaped(place),
               std::to_string(cell.config.seed),
               done && result.result.testAccuracy ? percent(*result.result.testAccuracy) : "–",
               done ? fmt::format("{:.4f}", result.result.rs) : "–",
               escaped(result.state == CellState::Failed ? "failed: " + result.result.reason
                                                         : std::string(name(result.state)))});
  }
}

void addEnvironment(std::string& out, const ReportInput& input) {
  out += "<h2>Environment</h2>\n";
  Table table(out, {"", ""});
  for (const auto& [what, value] : input.environment)
    table.row({escaped(what), fmt::format("<code>{}</code>", escaped(value))});
}

}  // namespace

std::vector<std::pair<std::string, std::string>> reportEnvironment(const std::string& programVersion,
                                                                   const std::string& commandLine) {
  const Machine machine = thisMachine();
  const std::string commit = gitState();
  return {{"Program", "ITOP Lab " + programVersion + (commit.empty() ? "" : ", commit " + commit)},
          {"Machine", fmt::format("{}, {} cores", machine.cpu, machine.cores)},
          {"System", machine.system},
          {"Command", commandLine},
          {"Written", fmt::format("{:%Y-%m-%d %H:%M UTC}", fmt::gmtime(std::time(nullptr)))}};
}

std::string reportHtml(const ReportInput& input) {
  const Figure& figure = *input.grid.figure;
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n"
      "<p class=\"muted\">{2}; scale {3}, {4} seeds, {5} runs</p>\n<p>{6}</p>\n",
      escaped(figure.title), kStyle, escaped(figure.source), name(input.grid.scale), input.grid.seeds,
      input.grid.cells.size(), escaped(figure.help));
  const std::string_view svg = inlineSvg(input.picture);
  out += svg.empty() ? "<p class=\"muted\">The picture was not drawn.</p>\n"
                     : fmt::format("<figure>{}</figure>\n", svg);
  addVerdicts(out, input);
  addPoints(out, input);
  addSettings(out, input);
  addRuns(out, input);
  addEnvironment(out, input);
  return out + "</body>\n</html>\n";
}

}  // namespace lab
