#include "store/run_filter.h"

#include "parameters/config_builder.h"
#include "store/run_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace lab {

namespace {

using Predicate = std::function<bool(const StoredRun&)>;

/// One term as written: [-] key operator value, or [-] word.
struct TermText {
  std::string whole;
  bool negated = false;
  std::string key, relation, value;  ///< of a word: only `value`
};

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool holds(std::string_view text, const std::string& part) {
  return lowered(text).find(part) != std::string::npos;
}

Problem wrong(const TermText& term, const std::string& what) {
  return {term.whole, fmt::format("filter \"{}\": {}", term.whole, what)};
}

/// Cut at blanks outside quotes, which go.
Result<std::vector<std::string>> words(std::string_view text) {
  std::vector<std::string> result;
  std::string word;
  bool quoted = false, any = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (!quoted && (c == ' ' || c == '\t' || c == '\n')) {
      if (any) result.push_back(std::exchange(word, {}));
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (quoted) return Problem{word, fmt::format("filter: the quote before \"{}\" is not closed", word)};
  if (any) result.push_back(word);
  return result;
}

TermText split(std::string word) {
  TermText term;
  term.whole = word;
  term.negated = word.size() > 1 && word.front() == '-';
  if (term.negated) word.erase(0, 1);
  const size_t at = word.find_first_of(":=<>!");
  if (at == word.npos || at == 0) {
    term.value = lowered(word);
    return term;
  }
  const size_t length = at + 1 < word.size() && word[at + 1] == '=' ? 2 : 1;
  term.key = word.substr(0, at);
  term.relation = word.substr(at, length);
  term.value = word.substr(at + length);
  if (term.relation == ":" || term.relation == ":=" || term.relation == "==") term.relation = "=";
  return term;
}

std::vector<std::string> alternatives(const std::string& value) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= value.size();) {
    const size_t end = std::min(value.find(',', begin), value.size());
    parts.push_back(value.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<double> parseNumber(std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return {};
  return percent ? value / 100 : value;
}

using Compare = bool (*)(double, double);

Compare comparison(const std::string& relation) {
  if (relation == "=") return [](double a, double b) { return a == b; };
  if (relation == "!=") return [](double a, double b) { return a != b; };
  if (relation == "<") return [](double a, double b) { return a < b; };
  if (relation == "<=") return [](double a, double b) { return a <= b; };
  if (relation == ">") return [](double a, double b) { return a > b; };
  if (relation == ">=") return [](double a, double b) { return a >= b; };
  return nullptr;
}

/// A term about a number. `number` says what a run has there.
template <class Get>
Result<Predicate> numberTerm(const TermText& term, Get number) {
  const Compare compare = comparison(term.relation);
  if (compare == nullptr)
    return wrong(term,
                 fmt::format("\"{}\" is no comparison: one of : = != < <= > >= would be right", term.relation));
  std::vector<double> wanted;
  for (const std::string& part : alternatives(term.value)) {
    const auto value = parseNumber(part);
    if (!value)
      return wrong(term, fmt::format("\"{}\" is no number: {}{}0.5 would be one", part, term.key, term.relation));
    wanted.push_back(*value);
  }
  if (wanted.size() > 1 && term.relation != "=") return wrong(term, "several numbers go with : or = only");
  return Predicate([=](const StoredRun& run) {
    const std::optional<double> value = number(run);
    return value && std::ranges::any_of(wanted, [&](double w) { return compare(*value, w); });
  });
}

/// A term about a text. With < and > texts are compared letter by letter, which is right for times.
template <class Get>
Predicate textTerm(const TermText& term, bool partIsEnough, Get text) {
  const auto wanted = alternatives(lowered(term.value));
  return [=, relation = term.relation](const StoredRun& run) {
    const std::string value = lowered(text(run));
    const auto fits = [&](const std::string& w) {
      if (relation == "<") return value < w;
      if (relation == "<=") return value <= w;
      if (relation == ">") return value > w;
      if (relation == ">=") return value >= w;
      return partIsEnough ? value.find(w) != std::string::npos : value == w;
    };
    return std::ranges::any_of(wanted, fits) != (relation == "!=");
  };
}

Result<Predicate> statusTerm(const TermText& term) {
  constexpr std::array kStates = {StoredStatus::Running, StoredStatus::Done, StoredStatus::Stopped,
                                  StoredStatus::Failed, StoredStatus::Crashed};
  for (const std::string& part : alternatives(lowered(term.value)))
    if (std::ranges::none_of(kStates, [&](StoredStatus state) { return name(state) == part; }))
      return wrong(
          term,
          fmt::format("\"{}\" is no status: running, done, stopped, failed or crashed would be right", part));
  return textTerm(term, false, [](const StoredRun& run) { return std::string(name(run.status)); });
}

Predicate tagTerm(const TermText& term) {
  return [wanted = alternatives(lowered(term.value)), unequal = term.relation == "!="](const StoredRun& run) {
    const bool has = std::ranges::any_of(run.annotations.tags, [&](const std::string& tag) {
      return std::ranges::find(wanted, lowered(tag)) != wanted.end();
    });
    return has != unequal;
  };
}

Result<Predicate> fieldTerm(const TermText& term, const RunField& field) {
  if (field.number != nullptr) return numberTerm(term, field.number);
  if (field.key == "status") return statusTerm(term);
  if (field.key == "tags") return tagTerm(term);
  if (field.key == "archived" && term.value != "yes" && term.value != "no")
    return wrong(term, fmt::format("archived:yes or archived:no would be right, not \"{}\"", term.value));
  return textTerm(term, field.key != "archived", field.text);
}

bool hasEffect(const StoredRun& run, const Parameter& parameter) {
  return !idleParameters(run.config).contains(std::string(parameter.key));
}

std::optional<double> numberOf(const StoredRun& run, const Parameter& parameter) {
  if (!hasEffect(run, parameter)) return {};
  return std::visit(
      [&](auto member) -> std::optional<double> {
        if constexpr (std::is_same_v<decltype(member), std::string Config::*>)
          return {};
        else
          return static_cast<double>(run.config.*member);
      },
      parameter.member);
}

Result<Predicate> parameterTerm(const TermText& term, const Parameter& parameter) {
  const bool isText = std::holds_alternative<std::string Config::*>(parameter.member);
  const bool isSwitch = std::holds_alternative<bool Config::*>(parameter.member);
  if (!isText && !isSwitch)
    return numberTerm(term, [p = &parameter](const StoredRun& run) { return numberOf(run, *p); });
  if (term.relation != "=" && term.relation != "!=")
    return wrong(term, fmt::format("{} has no order: {}:{} or {}!={} would be right", term.key, term.key,
                                   term.value, term.key, term.value));
  for (const std::string& part : alternatives(term.value)) {
    Config scratch;
    if (const Problems problems = setFromText(scratch, parameter, part); !problems.empty())
      return wrong(term, problems.front().message);
  }
  return Predicate([p = &parameter, fits = textTerm(term, false, [p = &parameter](const StoredRun& run) {
                                      return valueText(run.config, *p);
                                    })](const StoredRun& run) { return hasEffect(run, *p) && fits(run); });
}

Predicate wordTerm(const TermText& term) {
  return [word = term.value](const StoredRun& run) {
    const Config& config = run.config;
    for (const std::string* text :
         {&run.id, &config.dataset, &config.model, &config.method, &run.annotations.note})
      if (holds(*text, word)) return true;
    return holds(name(run.status), word) ||
           std::ranges::any_of(run.annotations.tags, [&](const std::string& tag) { return holds(tag, word); });
  };
}

Problem unknownKey(const TermText& term) {
  std::vector<std::string> known;
  for (const RunField& field : runFields()) {
    known.emplace_back(field.key);
    if (!field.shortKey.empty()) known.emplace_back(field.shortKey);
  }
  for (const Parameter& parameter : parameters()) known.emplace_back(parameter.key);
  const std::string near = nearest(term.key, known);
  return wrong(
      term, near.empty()
                ? fmt::format("\"{}\" is neither a parameter nor status, tag, note, accuracy, rs, ...", term.key)
                : fmt::format("there is no \"{}\"; did you mean {}?", term.key, near));
}

Result<Predicate> compile(const TermText& term) {
  if (term.key.empty()) return wordTerm(term);
  if (term.value.empty())
    return wrong(term, fmt::format("a value is missing after {}{}", term.key, term.relation));
  if (const RunField* field = findRunField(term.key)) return fieldTerm(term, *field);
  if (const Parameter* parameter = findParameter(term.key)) return parameterTerm(term, *parameter);
  return unknownKey(term);
}

}  // namespace

Result<RunFilter> RunFilter::parse(std::string_view text) {
  const auto parts = words(text);
  if (!parts) return parts.problems();
  RunFilter filter;
  for (const std::string& word : parts.value()) {
    const TermText term = split(word);
    auto predicate = compile(term);
    if (!predicate) return predicate.problems();
    filter.namesArchived_ = filter.namesArchived_ || term.key == "archived";
    filter.terms_.push_back(
        [fits = predicate.take(), negated = term.negated](const StoredRun& run) { return fits(run) != negated; });
  }
  return filter;
}

bool RunFilter::fits(const StoredRun& run, bool includeArchived) const {
  if (run.annotations.archived && !includeArchived && !namesArchived_) return false;
  return std::ranges::all_of(terms_, [&](const Term& term) { return term(run); });
}

}  // namespace lab
