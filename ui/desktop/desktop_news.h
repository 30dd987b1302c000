#pragma once
// What the desktop is told of long work: how far it is, in the task bar, and a notification at its end, which brings
// the window back when it is clicked. Nothing is waited for, and a desktop that does not listen is no problem.

#include "desktop/session_bus.h"

#include <functional>
#include <memory>
#include <set>

namespace lab::ui {

struct DesktopOptions {
  std::function<void(const QDBusMessage&)> send = sendToSessionBus;
  std::function<void(const QDBusMessage&, BusAnswer)> ask = askSessionBus;
  std::function<std::unique_ptr<QObject>(NotificationAction)> listen = listenToNotifications;
  double longSeconds = 30;  ///< shorter work ends without a notification
};

class DesktopNews {
 public:
  /// `clicked`: called when the user clicks one of the notifications.
  DesktopNews(DesktopOptions options, std::function<void()> clicked)
      : options_(std::move(options)), clicked_(std::move(clicked)) {}

  void setEnabled(bool enabled);
  bool enabled() const { return enabled_; }

  void progress(double fraction);  ///< from 0 to 1; told in steps of a hundredth
  void idle();                     ///< takes the progress away
  /// Work of so many seconds has ended. Who looks at the window needs no notification.
  void ended(const QString& title, const QString& text, double seconds, bool looking);

 private:
  void tellProgress(int hundredths);
  void listen();

  DesktopOptions options_;
  std::function<void()> clicked_;
  std::shared_ptr<std::set<uint>> shown_ = std::make_shared<std::set<uint>>();  ///< numbers of the notifications
  std::unique_ptr<QObject> listener_;  ///< from the first notification on
  bool enabled_ = true;
  int told_ = -1;  ///< hundredths; negative: no progress is shown
};

}  // namespace lab::ui
