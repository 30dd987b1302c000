#include "sweeps/sweep_data.h"

#include "experiments/axis_text.h"
#include "parameters/config_builder.h"
#include "parameters/config_text.h"
#include "parameters/parameter_table.h"
#include "parameters/value_field.h"

#include <QCoreApplication>

namespace lab::ui {

namespace {

/// What a configuration says beyond the defaults of its method.
lab::Assignments saidBy(const lab::Config& config) {
  const lab::Config defaults = lab::defaultsFor(config.method);
  lab::Assignments said{{"method", config.method}};
  for (const lab::Parameter& row : lab::parameters())
    if (const auto value = lab::valueText(config, row);
        row.key != "method" && row.key != "seed" && value != lab::valueText(defaults, row))
      said.emplace_back(std::string(row.key), value);
  return said;
}

}  // namespace

lab::Result<SweepData> planSweep(SweepData sweep) {
  auto grid = lab::makeGrid(saidBy(sweep.base), sweep.axes, sweep.seeds);
  if (!grid) return grid.problems();
  sweep.cells = grid.take();
  return sweep;
}

QString sweepName(const SweepData& data) {
  QStringList parts;
  for (const auto& axis : data.axes)
    parts << QCoreApplication::translate("Sweep", "%1 × %2").arg(axis.values.size()).arg(axisTitle(axis));
  return QCoreApplication::translate("Sweep", "%1, %n seeds", nullptr, data.seeds).arg(parts.join(QStringLiteral(", ")));
}

QString sweepText(const SweepData& sweep) {
  QStringList lines{QString::fromStdString(lab::toCommandLine(sweep.base))};
  for (const lab::Axis& axis : sweep.axes) lines << QString::fromStdString(axisText(axis));
  lines << QString::number(sweep.seeds);
  return lines.join(u'\n');
}

std::optional<SweepData> readSweepText(const QString& text) {
  const QStringList lines = text.split(u'\n');
  auto base = lab::readConfigText(lines.front().toStdString());
  SweepData sweep;
  sweep.seeds = lines.back().toInt();
  if (!base || lines.size() < 3 || sweep.seeds < 1) return {};
  sweep.base = base.take().config;
  for (const QString& line : lines.mid(1, lines.size() - 2)) {
    auto axis = lab::parseAxis(line.toStdString());
    if (!axis) return {};
    sweep.axes.push_back(axis.take());
  }
  auto planned = planSweep(std::move(sweep));
  return planned ? std::optional(planned.take()) : std::nullopt;
}

std::string axisText(const lab::Axis& axis) {
  std::string text = axis.key + "=";
  for (const auto& value : axis.values) text += value.label + ";";
  return text;
}

QString axisTitle(const lab::Axis& axis) {
  const lab::Parameter* row = lab::findParameter(axis.key);
  return row == nullptr ? QString::fromStdString(axis.key) : toQt(row->label);
}

const std::vector<Outcome>& outcomes() {
  static const std::vector<Outcome> all{
      {QT_TRANSLATE_NOOP("Sweep", "Rₛ"),
       [](const lab::CellResult& r, const lab::Config&) {
         return r.finished() ? std::optional(r.result.rs) : std::nullopt;
       }},
      {QT_TRANSLATE_NOOP("Sweep", "Rᵣₑₗ"),
       [](const lab::CellResult& r, const lab::Config& config) -> std::optional<double> {
         const auto found = r.result.reliable.find(config.reliable_steps);
         if (!r.finished() || found == r.result.reliable.end()) return {};
         return found->second;
       }},
      {QT_TRANSLATE_NOOP("Sweep", "Test accuracy"), [](const lab::CellResult& r, const lab::Config&) {
         return r.finished() ? r.result.testAccuracy : std::nullopt;
       }}};
  return all;
}

}  // namespace lab::ui
