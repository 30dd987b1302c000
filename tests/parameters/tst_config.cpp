#include "any_config.h"
#include "mentions.h"
#include "parameters/command_line.h"
#include "parameters/config_builder.h"
#include "topology/methods.h"

#include <CLI/CLI.hpp>
#include <QProcess>
#include <QtTest>

using namespace lab;
using namespace lab::test;

namespace {

using Settings = std::vector<std::pair<const char*, const char*>>;

Result<ResolvedConfig> resolve(const Settings& settings, Origin origin = Origin::Flag) {
  ConfigBuilder builder;
  for (const auto& [key, value] : settings) builder.set(key, value, origin);
  return builder.resolve();
}

Result<ResolvedConfig> resolveToml(std::string_view text) {
  ConfigBuilder builder;
  builder.addToml(text, "test.toml");
  return builder.resolve();
}

Result<ResolvedConfig> resolveArguments(std::vector<std::string> arguments) {
  CLI::App app;
  ParameterOptions options(app);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants it
  app.parse(arguments);
  ConfigBuilder builder;
  options.addTo(builder);
  return builder.resolve();
}

/// The single problem, as "key: message".
std::string onlyProblem(const Result<ResolvedConfig>& result) {
  if (result.ok()) return "(no problem)";
  if (result.problems().size() != 1) return "(several) " + describe(result.problems());
  return result.problems()[0].key + ": " + result.problems()[0].message;
}

}  // namespace

class TestConfig : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void defaultsResolve();
  void originsAreLayered();
  void methodDefaultsLieBeneath();
  void unknownKeysGetASuggestion();
  void allProblemsAtOnce();
  void tomlRoundTrip();
  void tomlWritesEveryParameter();
  void tomlProblemsNameTheLine_data();
  void tomlProblemsNameTheLine();
  void tomlOfAnyBytes();
  void commandLineRoundTrip();
  void commandLineForAShell();
  void commandLineIsShort();
  void optionsThatDoNothing_data();
  void optionsThatDoNothing();
  void contradictions_data();
  void contradictions();
  void idleIsWhatValidateRefuses();
  void layersWithoutWeights();
  void hashSeesWhatMatters();
  void hashIgnoresWhatHasNoEffect();
  void totalEpochs();
};

void TestConfig::defaultsResolve() {
  const auto resolved = ConfigBuilder().resolve();
  QVERIFY(resolved.ok());
  QVERIFY(resolved.value().config == Config{});
  QVERIFY(resolved.value().explicitKeys().empty());
  QCOMPARE(resolved.value().origins.size(), parameters().size());
  QVERIFY(validate(Config{}).empty());
}

void TestConfig::originsAreLayered() {
  ConfigBuilder builder;
  builder.set("epochs", "3", Origin::Flag);
  builder.set("epochs", "4", Origin::File);  // weaker, though later
  builder.set("seed", "5", Origin::Preset);
  builder.set("seed", "6", Origin::Environment);
  builder.set("batch-size", "32", Origin::File);
  builder.set("batch_size", "64", Origin::File);  // of equal origins the later
  const auto resolved = builder.resolve();
  QVERIFY(resolved.ok());
  QCOMPARE(resolved.value().config.epochs, int64_t(3));
  QCOMPARE(resolved.value().config.seed, int64_t(6));
  QCOMPARE(resolved.value().config.batch_size, int64_t(64));
  QVERIFY(resolved.value().origins.at("epochs") == Origin::Flag);
  QVERIFY(resolved.value().origins.at("seed") == Origin::Environment);
  QVERIFY(resolved.value().origins.at("momentum") == Origin::Default);
  QVERIFY((resolved.value().explicitKeys() == std::set<std::string>{"epochs", "seed", "batch_size"}));
  QVERIFY(name(Origin::Environment) == "environment" && name(Origin::Window) == "window");
}

void TestConfig::methodDefaultsLieBeneath() {
  const auto own = resolve({{"method", "rigl"}});
  QVERIFY(own.ok());
  QCOMPARE(own.value().config.prune_rate, 0.3);
  QCOMPARE(own.value().config.update_end, 0.75);
  QVERIFY(own.value().origins.at("prune_rate") == Origin::Method);
  QVERIFY(own.value().explicitKeys() == std::set<std::string>{"method"});
  QVERIFY(own.value().config == defaultsFor("rigl"));

  const auto preset = resolve({{"prune_rate", "0.5"}, {"method", "rigl"}}, Origin::Preset);
  QCOMPARE(preset.value().config.prune_rate, 0.5);
  QCOMPARE(preset.value().config.update_end, 0.75);
  QVERIFY(preset.value().origins.at("prune_rate") == Origin::Preset);
}

void TestConfig::unknownKeysGetASuggestion() {
  QCOMPARE(onlyProblem(resolve({{"update_intervall", "5"}})),
           std::string("update_intervall: unknown parameter 'update_intervall'; did you mean update_interval?"));
  QCOMPARE(onlyProblem(resolve({{"flux_capacitor", "5"}})),
           std::string("flux_capacitor: unknown parameter 'flux_capacitor'"));
}

void TestConfig::allProblemsAtOnce() {
  const auto result = resolve({{"sparsity", "1"}, {"epochs", "0"}, {"method", "sett"}, {"epoch", "3"}});
  QVERIFY(!result.ok());
  std::set<std::string> keys;
  for (const Problem& problem : result.problems()) keys.insert(problem.key);
  QVERIFY((keys == std::set<std::string>{"sparsity", "epochs", "method", "epoch"}));
}

void TestConfig::tomlRoundTrip() {
  QVERIFY(rc::check("toToml and addToml are inverse", [] {
    const Config config = anyValidConfig();
    RC_PRE(validate(config).empty());
    const auto back = resolveToml(toToml(config));
    if (!back.ok()) RC_FAIL(describe(back.problems()));
    RC_ASSERT(back.value().config == config);
  }));
}

void TestConfig::tomlWritesEveryParameter() {
  Config config = defaultsFor("static");
  config.data_root = "C:\\data \"new\"\n\tß";
  const std::string text = toToml(config);
  for (const Parameter& parameter : parameters())
    QVERIFY2(mentions(text, "\n" + std::string(parameter.key) + " = ") ||
                 mentions(text, "\n# " + std::string(parameter.key) + " = "),
             parameter.key.data());
  QVERIFY(mentions(text, "\n# update_interval = 100"));
  const auto back = resolveToml(text);
  QVERIFY2(back.ok(), back.ok() ? "" : describe(back.problems()).c_str());
  QVERIFY(back.value().config == config);
}

void TestConfig::tomlProblemsNameTheLine_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QByteArray>("part");
  QTest::newRow("syntax") << QByteArray("seed = 1\nepochs = = 3\n") << QByteArray("test.toml line 2: ");
  QTest::newRow("unknown") << QByteArray("\n\nsparsty = 0.9\n")
                           << QByteArray("test.toml line 3: unknown parameter 'sparsty'; did you mean sparsity?");
  QTest::newRow("section") << QByteArray("seed = 1\n[training]\nepochs = 3\n") << QByteArray("test.toml line 2: ");
  QTest::newRow("list") << QByteArray("seed = [1, 2]\n") << QByteArray("test.toml line 1: ");
  QTest::newRow("date") << QByteArray("seed = 2020-01-01\n") << QByteArray("test.toml line 1: ");
  QTest::newRow("twice") << QByteArray("seed = 1\nseed = 2\n") << QByteArray("test.toml line 2: ");
  QTest::newRow("value") << QByteArray("seed = 1\nsparsity = 1.5\n")
                         << QByteArray("sparsity '1.5' is not possible");
}

void TestConfig::tomlProblemsNameTheLine() {
  QFETCH(QByteArray, text);
  QFETCH(QByteArray, part);
  const auto problem = onlyProblem(resolveToml(text.toStdString()));
  QVERIFY2(mentions(problem, part.toStdString()), problem.c_str());
}

void TestConfig::tomlOfAnyBytes() {
  QVERIFY(rc::check("a damaged file is read or refused, never more", [] {
    std::string text = toToml(anyValidConfig());
    const int damages = *rc::gen::inRange(1, 10);
    for (int i = 0; i < damages; ++i)
      text[*rc::gen::inRange<size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    const auto result = resolveToml(text);
    if (result.ok())
      RC_ASSERT(validate(result.value().config, result.value().explicitKeys()).empty());
    else
      RC_ASSERT(!describe(result.problems()).empty());
  }));
}

void TestConfig::commandLineRoundTrip() {
  QVERIFY(rc::check("toArguments and the options are inverse", [] {
    const Config config = anyValidConfig();
    RC_PRE(validate(config).empty());
    const auto back = resolveArguments(toArguments(config));
    if (!back.ok()) RC_FAIL(describe(back.problems()));
    RC_ASSERT(back.value().config == config);
  }));
}

void TestConfig::commandLineForAShell() {
  Config config;
  config.data_root = "my data; echo $HOME 'x' \"y\" \\";
  config.nesterov = false;
  const std::string line = toCommandLine(config);
  QVERIFY(mentions(line, "itoplab run --nesterov false --data-root "));
  QProcess shell;  // what a shell makes of the words
  shell.start("/bin/sh", {"-c", "itoplab() { shift; for word; do printf '%s\\n' \"$word\"; done; }\n" +
                                    QString::fromStdString(line)});
  QVERIFY(shell.waitForFinished());
  QCOMPARE(shell.readAllStandardOutput().toStdString(),
           "--nesterov\nfalse\n--data-root\n" + config.data_root + "\n");
}

void TestConfig::commandLineIsShort() {
  QCOMPARE(toCommandLine(Config{}), std::string("itoplab run"));
  QCOMPARE(toCommandLine(defaultsFor("rigl")), std::string("itoplab run --method rigl"));
  Config config = defaultsFor("static");
  config.update_interval = 7;  // without effect
  config.sparsity = 0.995;
  QCOMPARE(toCommandLine(config), std::string("itoplab run --sparsity 0.995 --method static"));
  QVERIFY(resolveArguments({"--seed", "1", "--seed", "2"}).value().config.seed == 2);
  QVERIFY(mentions(onlyProblem(resolveArguments({"--seed", "-1"})), "seed '-1' is not possible"));
}

void TestConfig::optionsThatDoNothing_data() {
  QTest::addColumn<QByteArray>("key");
  QTest::addColumn<QByteArray>("value");
  QTest::addColumn<QByteArray>("otherKey");
  QTest::addColumn<QByteArray>("otherValue");
  const auto row = [](const char* key, const char* value, const char* otherKey, const char* otherValue) {
    QTest::addRow("%s %s with %s %s", key, value, otherKey, otherValue)
        << QByteArray(key) << QByteArray(value) << QByteArray(otherKey) << QByteArray(otherValue);
  };
  for (const char* method : {"static", "dense"}) {
    row("update_interval", "50", "method", method);
    row("prune_rate", "0.4", "method", method);
    row("prune_schedule", "linear", "method", method);
    row("prune_rate_floor", "0.1", "method", method);
    row("update_end", "0.5", "method", method);
    row("drop", "magnitude", "method", method);
    row("grow", "random", "method", method);
    row("update_order", "rigl", "method", method);
    row("regrow_dropped", "false", "method", method);
  }
  row("sparsity", "0.9", "method", "dense");
  row("distribution", "er", "method", "dense");
  row("hidden_widths", "100", "model", "lenet-5");
  row("prune_rate_floor", "0.1", "prune_schedule", "constant");
  row("nesterov", "true", "momentum", "0");
  row("nesterov", "true", "optimizer", "adam");
  row("momentum", "0.8", "optimizer", "adam");
  for (const char* key : {"adam_beta1", "adam_beta2", "adam_epsilon"}) row(key, "0.5", "optimizer", "sgd");
  row("learning_rate_milestones", "0.5", "learning_rate_schedule", "cosine");
  row("learning_rate_decay", "0.5", "learning_rate_schedule", "constant");
  row("weight_decay_on_norms", "false", "model", "lenet-5");
  row("update_interval", "50", "sparsity", "0");
}

void TestConfig::optionsThatDoNothing() {
  QFETCH(QByteArray, key);
  QFETCH(QByteArray, value);
  QFETCH(QByteArray, otherKey);
  QFETCH(QByteArray, otherValue);
  QVERIFY(resolve({{otherKey, otherValue}}).ok());
  const auto problem = onlyProblem(resolve({{key, value}, {otherKey, otherValue}}));
  QVERIFY2(problem.starts_with(key.toStdString() + ": "), problem.c_str());
  QVERIFY2(mentions(problem, (key + " " + value + " would do nothing").toStdString()), problem.c_str());
}

void TestConfig::contradictions_data() {
  QTest::addColumn<QByteArray>("toml");
  QTest::addColumn<QByteArray>("key");
  QTest::newRow("grow none") << QByteArray("method = 'set'\ngrow = 'none'") << QByteArray("grow: ");
  QTest::newRow("drop none") << QByteArray("method = 'rigl'\ndrop = 'none'") << QByteArray("drop: ");
  QTest::newRow("floor above rate") << QByteArray("prune_rate = 0.1\nprune_rate_floor = 0.2")
                                    << QByteArray("prune_rate_floor: ");
  QTest::newRow("milestones") << QByteArray("learning_rate_milestones = '30,60'")
                              << QByteArray("learning_rate_milestones: ");
  QTest::newRow("warm-up") << QByteArray("warmup_epochs = 13") << QByteArray("warmup_epochs: ");
  QTest::newRow("model too deep") << QByteArray("model = 'vgg-d'")
                                  << QByteArray("model: model vgg-d does not fit");
  QTest::newRow("widths") << QByteArray("hidden_widths = '100;50'") << QByteArray("hidden_widths: ");
}

void TestConfig::contradictions() {
  QFETCH(QByteArray, toml);
  QFETCH(QByteArray, key);
  const auto problem = onlyProblem(resolveToml(toml.toStdString()));
  QVERIFY2(problem.starts_with(key.toStdString()), problem.c_str());
}

void TestConfig::idleIsWhatValidateRefuses() {
  QVERIFY(rc::check("setting one valid key is refused exactly when it is idle", [] {
    const Config config = anyValidConfig();
    RC_PRE(validate(config).empty());
    const auto idle = idleParameters(config);
    for (const Parameter& parameter : parameters()) {
      const std::string key(parameter.key);
      RC_ASSERT(validate(config, {key}).size() == (idle.contains(key) ? 1U : 0U));
    }
  }));
  // A rule on a method that has none to replace is wrong even where nobody set it on purpose.
  Config config = defaultsFor("static");
  config.drop = "magnitude";
  config.grow = "random";
  QCOMPARE(validate(config).size(), size_t(2));
  QCOMPARE(validate(config, {"drop", "grow"}).size(), size_t(2));
}

void TestConfig::layersWithoutWeights() {
  const auto problem = onlyProblem(resolve({{"sparsity", "0.99999"}, {"distribution", "uniform"}}));
  QVERIFY2(problem.starts_with("sparsity: ") && mentions(problem, "fc3"), problem.c_str());
  QVERIFY(resolve({{"sparsity", "0.99999"}, {"distribution", "uniform"}, {"hidden_widths", "20000,20000"}}).ok());
}

/// The parameter at another value.
Config changed(const Config& base, const Parameter& parameter) {
  Config config = base;
  if (parameter.choices != nullptr) {
    for (const std::string& choice : parameter.choices())
      if (choice != valueText(base, parameter)) setFromText(config, parameter, choice);
  } else if (const auto* whole = std::get_if<int64_t Config::*>(&parameter.member)) {
    config.*(*whole) += 1;
  } else if (const auto* number = std::get_if<double Config::*>(&parameter.member)) {
    config.*(*number) = config.*(*number) * 0.75 + 0.001;
  } else if (const auto* flag = std::get_if<bool Config::*>(&parameter.member)) {
    config.*(*flag) = !(config.*(*flag));
  } else {
    config.*std::get<std::string Config::*>(parameter.member) = parameter.key == "constraint" ? "2:4" : "300";
  }
  return config;
}

void TestConfig::hashSeesWhatMatters() {
  const std::string hash = configurationHash({});
  QCOMPARE(hash.size(), size_t(16));
  QVERIFY(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
  // Between them, every parameter has an effect.
  std::vector<Config> bases{Config{}};
  for (const Method& method : methods()) bases.push_back(defaultsFor(method.name));
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{{"drop", "soft"},
                                                                                   {"drop", "threshold"},
                                                                                   {"initial_mask", "snip"},
                                                                                   {"dataset", "synthetic"},
                                                                                   {"image_size", "32"},
                                                                                   {"augmentation", "crop"},
                                                                                   {"optimizer", "adam"},
                                                                                   {"model", "vgg-c"}})
    setFromText(bases.emplace_back(), *findParameter(key), value);
  std::set<std::string> seen;
  for (const Config& base : bases) {
    const auto idle = idleParameters(base);
    std::set<std::string> hashes{configurationHash(base)};
    for (const Parameter& parameter : parameters()) {
      if (idle.contains(std::string(parameter.key))) continue;
      seen.emplace(parameter.key);
      const Config other = changed(base, parameter);
      QVERIFY2(other != base, parameter.key.data());
      const bool isNew = hashes.insert(configurationHash(other)).second;
      QVERIFY2(isNew == parameter.affectsResults, parameter.key.data());
    }
  }
  QCOMPARE(seen.size(), parameters().size());
  for (const char* key : {"threads", "data_root", "report_every", "mask_history_mib"})
    QVERIFY2(!findParameter(key)->affectsResults, key);
}

void TestConfig::hashIgnoresWhatHasNoEffect() {
  Config still = defaultsFor("static"), other = still;
  other.update_interval = 7;
  other.prune_rate = 0.1;
  QCOMPARE(configurationHash(still), configurationHash(other));
  other.reliable_steps = 5;
  QVERIFY(configurationHash(still) != configurationHash(other));
  Config dense = defaultsFor("dense"), sparser = dense;
  sparser.sparsity = 0.5;
  QCOMPARE(configurationHash(dense), configurationHash(sparser));
}

void TestConfig::totalEpochs() {
  Config config;
  QCOMPARE(config.totalEpochs(), int64_t(12));
  config.time_multiplier = 2.5;
  QCOMPARE(config.totalEpochs(), int64_t(30));
  config.time_multiplier = 0.001;
  QCOMPARE(config.totalEpochs(), int64_t(1));
}

QTEST_APPLESS_MAIN(TestConfig)
#include "tst_config.moc"
