#include "runs/run_columns.h"

#include "parameters/config_builder.h"
#include "parameters/value_field.h"
#include "store/run_fields.h"
#include "wording.h"

#include <QCoreApplication>
#include <QDateTime>

#include <cmath>
#include <limits>

namespace lab::ui {
namespace {

QString dash() { return QStringLiteral("–"); }

QString translated(const char* text) { return QCoreApplication::translate("RunColumns", text); }

QString startedText(const std::string& iso) {
  const auto time = QDateTime::fromString(QString::fromStdString(iso), Qt::ISODate);
  return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd  HH:mm"))
                        : QString::fromStdString(iso);
}

QString statusText(const StoredRun& run) {
  const QString status = translated(std::string(name(run.status)).c_str());
  if (!run.progress || run.progress->plannedSteps <= 0) return status;
  return QStringLiteral("%1 · %2").arg(status, percentage(run.progress->fraction(), 0));
}

QString numberText(const RunField& field, double value) {
  if (field.isFraction) return percentage(value, 2);
  if (field.key == "seconds" || field.key == "train_seconds") return durationText(value);
  if (std::floor(value) == value && std::abs(value) < 1e15 && (value == 0 || std::abs(value) > 1))
    return grouped(static_cast<int64_t>(value));
  return QString::number(value, 'f', 3);
}

QString fieldCell(const RunField& field, const StoredRun& run) {
  if (field.key == "status") return statusText(run);
  if (field.key == "started") return startedText(run.started);
  if (field.number == nullptr) return toQt(field.text(run));
  const auto value = field.number(run);
  if (!value) return dash();
  if (field.key == "r_s" || field.key == "r_rel") return QString::number(*value, 'f', 3);
  return numberText(field, *value);
}

QString parameterCell(const Parameter& parameter, const StoredRun& run, const IdleParameters& idle) {
  if (idle.contains(std::string(parameter.key))) return dash();
  if (parameter.key == "sparsity")
    return QString::number(100 * run.config.sparsity, 'g', 4) + QStringLiteral(" %");
  if (const auto* whole = std::get_if<int64_t Config::*>(&parameter.member))
    return parameter.key == "seed" ? QString::number(run.config.seed) : grouped(run.config.*(*whole));
  return toQt(valueText(run.config, parameter));
}

QVariant parameterSortValue(const Parameter& parameter, const StoredRun& run, const IdleParameters& idle) {
  const bool isIdle = idle.contains(std::string(parameter.key));
  return std::visit(
      [&](auto member) -> QVariant {
        if constexpr (std::is_same_v<decltype(member), std::string Config::*>)
          return isIdle ? QString() : QString::fromStdString(run.config.*member);
        else
          return isIdle ? -std::numeric_limits<double>::infinity() : static_cast<double>(run.config.*member);
      },
      parameter.member);
}

[[maybe_unused]] constexpr const char* kStatusWords[] = {
    QT_TRANSLATE_NOOP("RunColumns", "running"), QT_TRANSLATE_NOOP("RunColumns", "done"),
    QT_TRANSLATE_NOOP("RunColumns", "stopped"), QT_TRANSLATE_NOOP("RunColumns", "failed"),
    QT_TRANSLATE_NOOP("RunColumns", "crashed")};

}  // namespace

std::string RunColumn::key() const { return std::string(field != nullptr ? field->key : parameter->key); }

QString RunColumn::title() const {
  if (parameter != nullptr && parameter->key == "update_interval") return QStringLiteral("ΔT");
  return typeset(translated(std::string(field != nullptr ? field->label : parameter->label).c_str()));
}

QString RunColumn::help() const { return typeset(toQt(field != nullptr ? field->help : parameter->help)); }

bool RunColumn::isNumber() const {
  if (field != nullptr) return field->number != nullptr;
  return !std::holds_alternative<std::string Config::*>(parameter->member) &&
         !std::holds_alternative<bool Config::*>(parameter->member);
}

const std::vector<RunColumn>& allRunColumns() {
  static const auto columns = [] {
    std::vector<RunColumn> all;
    for (const RunField& field : runFields()) all.push_back({&field, nullptr});
    for (const Parameter& parameter : parameters()) all.push_back({nullptr, &parameter});
    return all;
  }();
  return columns;
}

const RunColumn* findRunColumn(const std::string& key) {
  for (const RunColumn& column : allRunColumns())
    if (column.key() == key) return &column;
  return nullptr;
}

QStringList usualRunColumns() {
  return {"status", "method", "sparsity", "update_interval", "seed", "r_s", "test_accuracy", "started",
          "tags",   "note",   "run"};
}

QString cellText(const RunColumn& column, const StoredRun& run, const IdleParameters& idle) {
  return column.field != nullptr ? fieldCell(*column.field, run) : parameterCell(*column.parameter, run, idle);
}

QVariant sortValue(const RunColumn& column, const StoredRun& run, const IdleParameters& idle) {
  if (column.parameter != nullptr) return parameterSortValue(*column.parameter, run, idle);
  if (column.field->number == nullptr) return toQt(column.field->text(run));
  return column.field->number(run).value_or(-std::numeric_limits<double>::infinity());
}

}  // namespace lab::ui
