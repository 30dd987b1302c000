#include "desktop/session_bus.h"

#include "desktop/notification_listener.h"

#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QFileInfo>

#include <utility>

namespace lab::ui {

std::optional<QDBusConnection> sessionBus() {
  // Without an address libdbus would try to launch a bus of its own.
  const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
  if (qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS") &&
      (runtime.isEmpty() || !QFileInfo::exists(runtime + QStringLiteral("/bus"))))
    return {};
  auto bus = QDBusConnection::sessionBus();
  return bus.isConnected() ? std::optional(bus) : std::nullopt;
}

void sendToSessionBus(const QDBusMessage& message) {
  if (const auto bus = sessionBus()) bus->send(message);
}

void askSessionBus(const QDBusMessage& call, BusAnswer answer) {
  const auto bus = sessionBus();
  if (!bus) return;
  auto* watcher = new QDBusPendingCallWatcher(bus->asyncCall(call));
  QObject::connect(watcher, &QDBusPendingCallWatcher::finished, watcher, [watcher, answer = std::move(answer)] {
    if (!watcher->isError()) answer(watcher->reply());
    watcher->deleteLater();
  });
}

std::unique_ptr<QObject> listenToNotifications(NotificationAction acted) {
  auto bus = sessionBus();
  if (!bus) return nullptr;
  auto listener = std::make_unique<NotificationListener>(std::move(acted));
  const QString service = QStringLiteral("org.freedesktop.Notifications");
  bus->connect(QString(), QStringLiteral("/org/freedesktop/Notifications"), service, QStringLiteral("ActionInvoked"),
               listener.get(), SLOT(actionInvoked(uint, QString)));
  return listener;
}

}  // namespace lab::ui
