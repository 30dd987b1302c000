#include "any_config.h"
#include "parameters/parameter_table.h"
#include "topology/methods.h"

#include <QtTest>

#include <limits>
#include <set>

using namespace lab;

namespace {

template <class Visit>
void forEachNumber(Visit visit) {
  for (const Parameter& parameter : parameters())
    if (std::holds_alternative<int64_t Config::*>(parameter.member) ||
        std::holds_alternative<double Config::*>(parameter.member))
      visit(parameter, std::holds_alternative<int64_t Config::*>(parameter.member));
}

/// The text of a bound and of the nearest values on both sides of it.
struct Around {
  std::string below, at, above;
};

Around around(double bound, bool whole) {
  if (whole) {
    const auto value = static_cast<int64_t>(bound);
    return {std::to_string(value - 1), std::to_string(value), std::to_string(value + 1)};
  }
  const auto text = [](double value) { return QByteArray::number(value, 'g', 17).toStdString(); };
  const double infinity = std::numeric_limits<double>::infinity();
  // Around 0 the nearest numbers are subnormal; a plain small one says the same.
  if (bound == 0) return {"-1e-9", "0", "1e-9"};
  return {text(std::nextafter(bound, -infinity)), text(bound), text(std::nextafter(bound, infinity))};
}

}  // namespace

class TestParameterTable : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void rowsAreComplete();
  void everyMemberHasOneRow();
  void groupsStayTogether();
  void defaultsAreAllowed();
  void boundsOfNumbers();
  void textsThatAreNoValues();
  void choicesAreClosed();
  void textsRoundTrip();
  void refusalLeavesTheConfigAlone();
  void namesAreFound();
  void nearestNames();
  void methodDefaultsAreRows();
};

void TestParameterTable::rowsAreComplete() {
  std::set<std::string_view> keys, labels;
  for (const Parameter& p : parameters()) {
    QVERIFY2(!p.key.empty() && !p.label.empty(), p.key.data());
    QVERIFY2(p.help.size() > 40 && (p.help.back() == '.' || p.help.back() == ')'), p.key.data());
    QVERIFY2(keys.insert(p.key).second && labels.insert(p.label).second, p.key.data());
    QVERIFY2(p.choices == nullptr || p.choices().size() >= 2, p.key.data());
    QVERIFY2(p.scale == Scale::Linear || p.minimum > 0, p.key.data());
  }
  forEachNumber([](const Parameter& p, bool) { QVERIFY2(p.minimum < p.maximum, p.key.data()); });
}

void TestParameterTable::everyMemberHasOneRow() {
  // The rows' members fill the struct but for the padding after each bool: a member without a row leaves a gap.
  std::set<size_t> offsets;
  size_t bytes = 0;
  const Config config;
  for (const Parameter& p : parameters())
    std::visit(
        [&](auto member) {
          const auto* at = reinterpret_cast<const char*>(&(config.*member));
          QVERIFY2(offsets.insert(static_cast<size_t>(at - reinterpret_cast<const char*>(&config))).second,
                   p.key.data());
          bytes += std::max(sizeof(config.*member), alignof(Config));
        },
        p.member);
  QCOMPARE(bytes, sizeof(Config));
}

void TestParameterTable::groupsStayTogether() {
  std::set<Group> left;
  Group present = parameters().front().group;
  for (const Parameter& p : parameters()) {
    if (p.group != present) left.insert(present);
    present = p.group;
    QVERIFY2(!left.contains(present), p.key.data());
    QVERIFY(!title(present).empty());
  }
}

void TestParameterTable::defaultsAreAllowed() {
  const Config defaults;
  for (const Parameter& p : parameters()) {
    Config config;
    QVERIFY2(setFromText(config, p, valueText(defaults, p)).empty(), p.key.data());
    QVERIFY(config == defaults);
  }
}

void TestParameterTable::boundsOfNumbers() {
  forEachNumber([](const Parameter& p, bool whole) {
    const auto accepts = [&](const std::string& text) {
      Config config;
      return setFromText(config, p, text).empty();
    };
    const Around low = around(p.minimum, whole), high = around(p.maximum, whole);
    QVERIFY2(!accepts(low.below), p.key.data());
    QVERIFY2(accepts(low.at) != p.minimumExclusive, p.key.data());
    QVERIFY2(accepts(low.above), p.key.data());
    QVERIFY2(accepts(high.below), p.key.data());
    QVERIFY2(accepts(high.at) != p.maximumExclusive, p.key.data());
    QVERIFY2(!accepts(high.above), p.key.data());
  });
}

void TestParameterTable::textsThatAreNoValues() {
  for (const char* text : {"", " 1", "1 ", "ten", "1,5", "0x10", "nan", "inf", "-inf", "1e999", "--1", "true"})
    forEachNumber([&](const Parameter& p, bool) {
      Config config;
      const Problems problems = setFromText(config, p, text);
      QVERIFY2(problems.size() == 1, p.key.data());
      QVERIFY(problems[0].key == p.key);
      QVERIFY(problems[0].message.find(std::string("'") + text + "'") != std::string::npos);
      QVERIFY(problems[0].message.find(allowedText(p)) != std::string::npos);
    });
  Config config;
  for (const char* text : {"", "1", "yes", "True", "on"})
    QVERIFY(!setFromText(config, *findParameter("nesterov"), text).empty());
  QVERIFY(!setFromText(config, *findParameter("epochs"), "1.5").empty());
  QVERIFY(!setFromText(config, *findParameter("data_root"), "\xff\xfe").empty());
  QVERIFY(!setFromText(config, *findParameter("data_root"), std::string_view("a\0b", 3)).empty());
  QVERIFY(setFromText(config, *findParameter("data_root"), "/Daten/Zürich/データ/𝛇").empty());
}

void TestParameterTable::choicesAreClosed() {
  for (const Parameter& p : parameters()) {
    if (p.choices == nullptr) continue;
    for (const std::string& choice : p.choices()) {
      Config config;
      QVERIFY(setFromText(config, p, choice).empty());
      QVERIFY(valueText(config, p) == choice);
      const Problems problems = setFromText(config, p, choice + "x");
      QVERIFY2(problems.size() == 1, p.key.data());
      QVERIFY(problems[0].message.find(choice) != std::string::npos);
    }
  }
  Config config;
  QVERIFY(setFromText(config, *findParameter("method"), "sett")[0].message.find("did you mean set?") !=
          std::string::npos);
}

void TestParameterTable::textsRoundTrip() {
  QVERIFY(rc::check("valueText and setFromText are inverse", [] {
    const Config config = anyConfig();
    Config copy;
    for (const Parameter& p : parameters()) RC_ASSERT(setFromText(copy, p, valueText(config, p)).empty());
    RC_ASSERT(copy == config);
  }));
}

void TestParameterTable::refusalLeavesTheConfigAlone() {
  QVERIFY(rc::check("any text is taken or refused with one problem", [] {
    const Parameter& p = parameters()[*rc::gen::inRange<size_t>(0, parameters().size())];
    Config config = anyConfig();
    const Config before = config;
    const auto problems = setFromText(config, p, *rc::gen::arbitrary<std::string>());
    RC_ASSERT(problems.size() <= 1);
    RC_ASSERT(problems.empty() || config == before);
  }));
}

void TestParameterTable::namesAreFound() {
  for (const Parameter& p : parameters()) {
    QCOMPARE(findParameter(p.key), &p);
    const std::string flag = flagName(p);
    QVERIFY(flag.starts_with("--") && flag.find('_') == std::string::npos);
    QCOMPARE(findParameter(flag.substr(2)), &p);
  }
  QVERIFY(findParameter("update intervals") == nullptr);
  QVERIFY(flagName(*findParameter("update_interval")) == "--update-interval");
}

void TestParameterTable::nearestNames() {
  const std::vector<std::string> names{"epochs", "seed", "update_interval", "update_end"};
  QVERIFY(nearest("update_intervall", names) == "update_interval");
  QVERIFY(nearest("epoch", names) == "epochs");
  QVERIFY(nearest("sede", names) == "seed");
  QVERIFY(nearest("update_nd", names) == "update_end");
  QVERIFY(nearest("colour", names).empty());
  QVERIFY(nearest("", names).empty());
  QVERIFY(nearest("x", {}).empty());
}

void TestParameterTable::methodDefaultsAreRows() {
  for (const Method& method : methods())
    for (const MethodDefault& own : method.defaults) {
      Config config;
      QVERIFY2(findParameter(own.key) != nullptr, own.key.data());
      QVERIFY2(setFromText(config, *findParameter(own.key), own.value).empty(), own.key.data());
    }
}

QTEST_APPLESS_MAIN(TestParameterTable)
#include "tst_parameter_table.moc"
