#include "sweeps/sweep_data.h"

#include "parameters/parameter_table.h"
#include "parameters/value_field.h"

#include <QCoreApplication>

namespace lab::ui {

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
