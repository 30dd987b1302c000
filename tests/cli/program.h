#pragma once
// Runs the real program in a home of its own.

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

struct Outcome {
  int code = -1;
  QByteArray out, err;
  QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

class Program {
 public:
  Program() {
    environment_.insert("ITOPLAB_HOME", home());
    for (const char* variable : {"ITOPLAB_DATA", "ITOPLAB_LOG"}) environment_.remove(variable);
  }

  QString home() const { return folder_.filePath("home"); }
  QString path(const QString& name) const { return folder_.filePath(name); }
  void set(const QString& variable, const QString& value) { environment_.insert(variable, value); }

  void start(QProcess& process, const QStringList& arguments) const {
    process.setProcessEnvironment(environment_);
    process.setWorkingDirectory(folder_.path());
    process.start(LAB_PROGRAM, arguments);
  }

  Outcome run(const QStringList& arguments) const {
    QProcess process;
    start(process, arguments);
    return finish(process);
  }

  static Outcome finish(QProcess& process) {
    constexpr int kPatience = 300000;
    if (!process.waitForFinished(kPatience)) {
      process.kill();
      process.waitForFinished();
      return {};
    }
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
  }

  /// Names of the recorded runs, hidden leftovers included.
  QStringList runs() const {
    return QDir(home() + "/runs").entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
  }

 private:
  QTemporaryDir folder_;
  QProcessEnvironment environment_ = QProcessEnvironment::systemEnvironment();
};

inline QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void writeFile(const QString& path, const QByteArray& content) {
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  QCOMPARE(file.write(content), content.size());
}

/// Rows of a CSV without quotes, the header first.
inline QList<QByteArrayList> rowsOf(const QByteArray& csv) {
  QList<QByteArrayList> rows;
  for (const QByteArray& line : csv.split('\n'))
    if (!line.isEmpty()) rows.append(line.split(','));
  return rows;
}
