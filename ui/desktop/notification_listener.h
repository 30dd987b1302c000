#pragma once
// What Qt's D-Bus connects signals to: an object with a slot of that name.

#include "desktop/session_bus.h"

#include <utility>

namespace lab::ui {

class NotificationListener : public QObject {
  Q_OBJECT
 public:
  explicit NotificationListener(NotificationAction acted) : acted_(std::move(acted)) {}

 public Q_SLOTS:
  void actionInvoked(uint number, const QString& action) { acted_(number, action); }

 private:
  NotificationAction acted_;
};

}  // namespace lab::ui
