#pragma once
// What the desktop is told of long work: how far it is, in the task bar, and a notification at its end. Nothing is
// waited for, and a desktop that does not listen is no problem.

#include <QDBusMessage>
#include <QString>

#include <functional>

namespace lab::ui {

void sendToSessionBus(const QDBusMessage& message);

struct DesktopOptions {
  std::function<void(const QDBusMessage&)> send = sendToSessionBus;
  double longSeconds = 30;  ///< shorter work ends without a notification
};

class DesktopNews {
 public:
  explicit DesktopNews(DesktopOptions options) : options_(std::move(options)) {}

  void setEnabled(bool enabled);
  bool enabled() const { return enabled_; }

  void progress(double fraction);  ///< from 0 to 1; told in steps of a hundredth
  void idle();                     ///< takes the progress away
  /// Work of so many seconds has ended. Who looks at the window needs no notification.
  void ended(const QString& title, const QString& text, double seconds, bool looking);

 private:
  void tellProgress(int hundredths);

  DesktopOptions options_;
  bool enabled_ = true;
  int told_ = -1;  ///< hundredths; negative: no progress is shown
};

}  // namespace lab::ui
