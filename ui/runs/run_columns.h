#pragma once
// Everything that the table of runs can show: the fields of a run and every parameter, named by their keys.

#include "store/run_reader.h"

#include <QString>
#include <QStringList>
#include <QVariant>

#include <map>
#include <string>
#include <vector>

namespace lab {
struct Parameter;
struct RunField;
}  // namespace lab

namespace lab::ui {

struct RunColumn {
  const RunField* field = nullptr;       ///< either this
  const Parameter* parameter = nullptr;  ///< or this

  std::string key() const;
  QString title() const;
  QString help() const;
  bool isNumber() const;
};

/// Parameters of a run that have no effect in it, key to reason: they are shown as a dash.
using IdleParameters = std::map<std::string, std::string>;

/// Fields first, then the parameters in the order of the table.
const std::vector<RunColumn>& allRunColumns();
const RunColumn* findRunColumn(const std::string& key);
/// What is shown until somebody chooses otherwise.
QStringList usualRunColumns();

QString cellText(const RunColumn& column, const StoredRun& run, const IdleParameters& idle);
QVariant sortValue(const RunColumn& column, const StoredRun& run, const IdleParameters& idle);

}  // namespace lab::ui
