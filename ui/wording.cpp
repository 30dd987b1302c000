#include "wording.h"

#include "network/models.h"
#include "parameters/parameter_table.h"

#include <QLocale>
#include <QStringList>

#include <cmath>

namespace lab::ui {

QString grouped(int64_t count) { return QLocale(QLocale::English).toString(static_cast<qlonglong>(count)); }

QString percentage(double fraction, int decimals) {
  return QString::number(100 * fraction, 'f', decimals) + QStringLiteral(" %");
}

QString durationText(double seconds) {
  const auto whole = static_cast<int64_t>(std::ceil(seconds));
  if (whole < 60) return QObject::tr("%1 s").arg(whole);
  if (whole < 3600) return QObject::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
  return QObject::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60, 2, 10, QLatin1Char('0'));
}

QString typeset(QString text) {
  return text.replace(QLatin1String("R_rel"), QStringLiteral("Rᵣₑₗ"))
      .replace(QLatin1String("R_s"), QStringLiteral("Rₛ"));
}

QString changeText(const RunEvent& change) {
  const auto text = [](std::string_view s) {
    return QString::fromUtf8(s.data(), static_cast<qsizetype>(s.size()));
  };
  const Parameter* row = findParameter(change.key);
  const QString what = QStringLiteral("%1 %2 → %3")
                           .arg(row ? text(row->label) : text(change.key), text(change.from), text(change.to));
  const bool later = row && row->takesEffect == TakesEffect::NextEpoch;
  return later ? QObject::tr("%1 from the next epoch").arg(what) : what;
}

QString runTitle(const Config& config) {
  QStringList parts{QString::fromStdString(modelLabel(config.model)), QString::fromStdString(config.method)};
  if (config.method != "dense") {
    parts << QObject::tr("%1 % sparse").arg(QString::number(100 * config.sparsity, 'g', 4));
    if (config.method != "static") parts << QObject::tr("ΔT %1").arg(grouped(config.update_interval));
  }
  parts << QObject::tr("seed %1").arg(config.seed);
  return parts.join(QStringLiteral(" · "));
}

}  // namespace lab::ui
