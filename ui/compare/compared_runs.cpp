#include "compare/compared_runs.h"

#include "experiments/statistics.h"
#include "parameters/config_builder.h"
#include "parameters/value_field.h"
#include "wording.h"

#include <fmt/format.h>

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace lab::ui {
namespace {

QString words(const char* text) { return QCoreApplication::translate("ComparedRuns", text); }

/// As text where it has an effect.
std::optional<std::string> valueOf(const StoredRun& run, const Parameter& parameter) {
  if (idleParameters(run.config).contains(std::string(parameter.key))) return {};
  return valueText(run.config, parameter);
}

/// The same for all runs of one experiment.
std::string experimentOf(const ComparedRun& compared, size_t index) {
  Config config = compared.run.config;
  config.seed = 0;
  const std::string hash = configurationHash(config);
  return !compared.changes.empty() ? fmt::format("{}#{}", hash, index) : hash;
}

/// "ΔT 100", "98 % sparse", "set"
QString shortText(const Parameter& parameter, const QString& value) {
  if (parameter.key == "method" || parameter.key == "model" || parameter.key == "dataset") return value;
  if (parameter.key == "sparsity") return words("%1 sparse").arg(value);
  if (parameter.key == "update_interval") return QStringLiteral("ΔT %1").arg(value);
  if (parameter.key == "seed") return words("seed %1").arg(value);
  QString label = toQt(parameter.label);
  if (label.size() > 1 && label[1].isLower()) label[0] = label[0].toLower();
  return QStringLiteral("%1 %2").arg(label, value);
}

/// Whether a name can do without it: the method's own recipe says the same.
bool goesWithTheMethod(const Series& series, const Parameter& parameter) {
  if (parameter.key == "method" || parameter.key == "sparsity" || parameter.key == "update_interval" ||
      parameter.key == "seed")
    return false;
  return std::ranges::all_of(series.runs, [&](const auto& compared) {
    const Config& config = compared->run.config;
    return valueText(config, parameter) == valueText(defaultsFor(config.method), parameter);
  });
}

QString nameOf(const Series& series, const std::vector<const Parameter*>& differing) {
  QStringList parts;
  for (const Parameter* parameter : differing) {
    const QString value = parameterText(series, *parameter);
    const bool several = parameter->key == "seed" && series.runs.size() > 1;
    if (value != QStringLiteral("–") && !several && !goesWithTheMethod(series, *parameter))
      parts << shortText(*parameter, value);
  }
  if (series.runs.size() > 1) parts << words("%1 seeds").arg(series.runs.size());
  if (parts.isEmpty()) return runTitle(series.runs.front()->run.config);
  return parts.join(QStringLiteral(" · "));
}

/// Equal names get the run's name.
void makeUnique(std::vector<Series>& all) {
  std::map<QString, int> count;
  for (const Series& series : all) ++count[series.name];
  for (Series& series : all)
    if (count[series.name] > 1)
      series.name += QStringLiteral(" · ") + QString::fromStdString(series.runs.front()->run.id).section('-', -1);
}

}  // namespace

Result<std::shared_ptr<const ComparedRun>> readComparedRun(const StoredRun& run) {
  auto compared = std::make_shared<ComparedRun>();
  compared->run = run;
  auto metrics = readMetrics(run.directory);
  if (!metrics) return metrics.problems();
  compared->metrics = metrics.take();
  const auto events = readEvents(run.directory);
  if (!events) return events.problems();
  for (const RunEvent& event : events.value())
    if (event.kind == "change") compared->changes.push_back(event);
  return std::shared_ptr<const ComparedRun>(std::move(compared));
}

std::vector<const Parameter*> differingParameters(const ComparedRuns& runs) {
  std::vector<const Parameter*> differing;
  for (const Parameter& parameter : parameters()) {
    std::set<std::string> values;
    for (const auto& compared : runs)
      if (const auto value = valueOf(compared->run, parameter)) values.insert(*value);
    if (values.size() > 1) differing.push_back(&parameter);
  }
  // The method says most.
  std::ranges::stable_partition(differing, [](const Parameter* p) { return p->key == "method"; });
  return differing;
}

std::vector<Series> seriesOf(const ComparedRuns& runs, bool joinSeeds) {
  std::vector<Series> all;
  std::map<std::string, size_t> place;
  for (size_t i = 0; i < runs.size(); ++i) {
    const std::string key = joinSeeds ? experimentOf(*runs[i], i) : runs[i]->run.id;
    const auto [found, isNew] = place.try_emplace(key, all.size());
    if (isNew) all.emplace_back();
    all[found->second].runs.push_back(runs[i]);
  }
  const auto differing = differingParameters(runs);
  for (Series& series : all) series.name = nameOf(series, differing);
  makeUnique(all);
  return all;
}

QString parameterText(const Series& series, const Parameter& parameter) {
  QStringList values;
  for (const auto& compared : series.runs) {
    const auto value = valueOf(compared->run, parameter);
    QString text = value ? toQt(*value) : QStringLiteral("–");
    if (value && parameter.key == "sparsity")
      text = QString::number(100 * compared->run.config.sparsity, 'g', 4) + QStringLiteral(" %");
    if (!values.contains(text)) values << text;
  }
  std::ranges::sort(values, {}, [](const QString& text) { return text.toDouble(); });
  return values.join(QStringLiteral(", "));
}

bool isLevel(const Series& series) {
  return std::ranges::all_of(series.runs,
                             [](const auto& compared) { return compared->run.config.method == "dense"; });
}

std::vector<BandPoint> bandOf(const Series& series, MetricValue value) {
  struct Here {
    std::vector<double> values, rs;
    double time = 0;
  };
  std::map<int64_t, Here> steps;
  for (const auto& compared : series.runs)
    for (const Metrics& row : compared->metrics) {
      const auto measured = value(row);
      if (!measured || !std::isfinite(*measured)) continue;
      Here& here = steps[row.step];
      here.values.push_back(*measured);
      here.rs.push_back(row.rs);
      if (row.plannedSteps > 0) here.time = static_cast<double>(row.step) / static_cast<double>(row.plannedSteps);
    }
  std::vector<BandPoint> band;
  for (const auto& [step, here] : steps)
    if (here.values.size() == series.runs.size())
      band.push_back({step, mean(here.values), deviation(here.values), mean(here.rs), std::min(1.0, here.time)});
  return band;
}

std::optional<Spread> spreadOf(const Series& series, std::optional<double> (*number)(const StoredRun&)) {
  std::vector<double> values;
  for (const auto& compared : series.runs)
    if (const auto value = number(compared->run); value && std::isfinite(*value)) values.push_back(*value);
  if (values.empty()) return {};
  return Spread{mean(values), deviation(values), values.size()};
}

}  // namespace lab::ui
