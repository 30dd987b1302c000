#pragma once
// Asks once a second how busy the device of a run under way is, and says it in words.

#include "background.h"
#include "engines/engine.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <optional>

namespace lab::ui {

QString loadText(const DeviceLoad& load);  ///< "12.3 of 79.6 GiB · 87 % busy"

class DeviceWatch : public QObject {
  Q_OBJECT
 public:
  using Reading = std::function<std::optional<DeviceLoad>()>;

  /// Readings are made on `background`, because drivers may take their time; it outlives the watch.
  explicit DeviceWatch(Background& background, QObject* parent = nullptr);

  void setReading(Reading reading);  ///< null: there is no device to watch
  void setOn(bool on);

  static constexpr int kMilliseconds = 1000;

 Q_SIGNALS:
  void said(const QString& load);  ///< empty: nothing is known, or it is off

 private:
  void update();
  void ask();

  Background& background_;
  Reading reading_;
  bool on_ = false;
  int wanted_ = 0;  ///< grows with every change, so that late answers are known
  QTimer timer_;
};

}  // namespace lab::ui
