#pragma once
// Where the labels of a figure's curve axis stand: numbers by their value, words ("static") at the far right.

#include <QSharedPointer>
#include <QStringList>

#include "plots/qcp.h"

#include <map>
#include <optional>

namespace lab::ui {

/// An axis is logarithmic where its largest number is more than this many times its smallest.
inline constexpr double kLogarithmicFrom = 20;

class CurveAxis {
 public:
  explicit CurveAxis(const QStringList& labels = {});

  double position(const QString& label) const { return positions_.at(label); }
  bool has(const QString& label) const { return positions_.count(label) > 0; }
  bool isCategory(const QString& label) const;
  QCPRange range() const { return range_; }
  QSharedPointer<QCPAxisTicker> ticker() const;
  /// Between the numbers and the words, when there are both.
  std::optional<double> divider() const { return divider_; }
  /// As written at the axis and beside points: "3k" for 3000.
  static QString shortText(const QString& label);
  /// The numbers in ascending order, then the words as they came.
  const QStringList& ordered() const { return ordered_; }

 private:
  std::map<QString, double> positions_;
  QStringList ordered_;
  QCPRange range_{0, 1};
  std::optional<double> divider_;
};

}  // namespace lab::ui
