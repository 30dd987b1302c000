#include "figures/curve_axis.h"

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

std::optional<double> numberIn(const QString& label) {
  bool ok = false;
  const double value = label.toDouble(&ok);
  return ok ? std::optional(value) : std::nullopt;
}

}  // namespace

CurveAxis::CurveAxis(const QStringList& labels) {
  QList<std::pair<double, QString>> numbers;
  QStringList words;
  for (const QString& label : labels)
    if (const auto number = numberIn(label))
      numbers.append({*number, label});
    else
      words << label;
  std::stable_sort(numbers.begin(), numbers.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const bool logarithmic = !numbers.isEmpty() && numbers.first().first > 0 &&
                           numbers.last().first > kLogarithmicFrom * numbers.first().first;
  for (const auto& [number, label] : numbers) positions_[label] = logarithmic ? std::log10(number) : number;
  const double first = numbers.isEmpty() ? 0 : positions_[numbers.first().second];
  const double last = numbers.isEmpty() ? 0 : positions_[numbers.last().second];
  // Words stand apart by about the distance of two numbers.
  const double gap = numbers.size() > 1 ? (last - first) / static_cast<double>(numbers.size() - 1) : 1;
  double at = numbers.isEmpty() ? -gap : last;
  for (const QString& word : words) positions_[word] = at += gap;
  if (!numbers.isEmpty() && !words.isEmpty()) divider_ = last + gap / 2;
  range_ = QCPRange(first - gap * .45, std::max(at, last) + gap * .45);
  for (const auto& [number, label] : numbers) ordered_ << label;
  ordered_ << words;
}

QString CurveAxis::shortText(const QString& label) {
  const double number = numberIn(label).value_or(0);
  const bool thousands = number >= 1000 && std::fmod(number, 100) == 0;
  return thousands ? QString::number(number / 1000) + u'k' : label;
}

bool CurveAxis::isCategory(const QString& label) const { return !numberIn(label); }

QSharedPointer<QCPAxisTicker> CurveAxis::ticker() const {
  QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
  for (const auto& [label, position] : positions_) ticker->addTick(position, shortText(label));
  return ticker;
}

}  // namespace lab::ui
