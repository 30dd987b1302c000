#include "desktop/session_bus.h"

#include <QFileInfo>

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

}  // namespace lab::ui
