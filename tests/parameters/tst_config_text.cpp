// Configurations as they are pasted: TOML and command lines.

#include "any_config.h"
#include "parameters/config_text.h"

#include <QtTest>

using namespace lab;

namespace {

std::string problemsOf(const std::string& text) {
  const auto read = readConfigText(text);
  return read ? std::string() : describe(read.problems());
}

Config configOf(const std::string& text) {
  auto read = readConfigText(text);
  if (!read) qFatal("%s", describe(read.problems()).c_str());
  return read.take().config;
}

}  // namespace

class TestConfigText : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void bothFormsComeBack() {
    QVERIFY(rc::check("command line and TOML read back with the same hash", [] {
      const Config config = anyValidConfig();
      RC_PRE(validate(config).empty());
      const auto command = readConfigText(toCommandLine(config)), toml = readConfigText(toToml(config));
      RC_ASSERT(command.ok());
      RC_ASSERT(toml.ok());
      RC_ASSERT(configurationHash(command.value().config) == configurationHash(config));
      RC_ASSERT(configurationHash(toml.value().config) == configurationHash(config));
    }));
  }

  void commandLinesAsPeoplePasteThem_data() {
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* text) { QTest::newRow(text) << QByteArray(text); };
    row("itoplab run --sparsity 0.9 --update-interval 30");
    row("  $ itoplab run --sparsity=0.9 --update-interval=30\n");
    row("./lab run --sparsity 0.9 --update_interval 30");
    row("/usr/bin/itoplab run --sparsity '0.9' --update-interval \"30\"");
    row("itoplab run --sparsity 0.9 \\\n  --update-interval 30");
    row("--sparsity 0.9 --update-interval 30");
    row("itoplab run --sparsity 0.5 --sparsity 0.9 --update-interval 30");
    row("sparsity = 0.9\nupdate_interval = 30\n");
    row("# a comment\nupdate_interval = 30\nsparsity = 0.9");
  }

  void commandLinesAsPeoplePasteThem() {
    QFETCH(QByteArray, text);
    Config expected;
    expected.sparsity = 0.9;
    expected.update_interval = 30;
    QVERIFY(configOf(text.toStdString()) == expected);
  }

  void textsInQuotesStayWhole() {
    Config config;
    config.data_root = "/a folder/with 'quotes' and \\";
    QCOMPARE(configOf(toCommandLine(config)).data_root, config.data_root);
  }

  void problemsAreNamed_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("part");
    const auto row = [](const char* text, const char* part) {
      QTest::newRow(text) << QByteArray(text) << QByteArray(part);
    };
    row("", "there is no text");
    row("itoplab sweep --axis sparsity=0.9", "itoplab sweep");
    row("itoplab run --sparsty 0.9", "sparsity");
    row("itoplab run --sparsity", "--sparsity has no value");
    row("itoplab run --sparsity 7", "7");
    row("itoplab run 0.9", "stands alone");
    row("itoplab run --sparsity '0.9", "not closed");
    row("sparsty = 0.9", "sparsity");
    row("sparsity = \"much\"", "much");
    row("hello world", "line 1");
    row("itoplab run --method dense --update-interval 30", "update_interval");
  }

  void problemsAreNamed() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, part);
    const auto problems = QByteArray::fromStdString(problemsOf(text.toStdString()));
    QVERIFY2(problems.contains(part), problems);
  }

  void allProblemsComeAtOnce() {
    const auto problems =
        QByteArray::fromStdString(problemsOf("itoplab run --sparsty 0.9 --seed many --colour red"));
    for (const char* part : {"sparsty", "many", "colour"}) QVERIFY2(problems.contains(part), problems);
  }
};

QTEST_GUILESS_MAIN(TestConfigText)
#include "tst_config_text.moc"
