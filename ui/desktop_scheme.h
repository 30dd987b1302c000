#pragma once
// Whether the desktop prefers dark: org.freedesktop.appearance color-scheme of the desktop portal, asked without
// waiting. Silent where there is no session bus or no portal.

#include <QObject>

#include <optional>

class QDBusVariant;

namespace lab::ui {

class DesktopScheme : public QObject {
  Q_OBJECT
 public:
  explicit DesktopScheme(QObject* parent = nullptr);

  /// Empty while the portal has not answered, or when it has no preference.
  std::optional<bool> prefersDark() const { return prefersDark_; }

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void onSettingChanged(const QString& space, const QString& key, const QDBusVariant& value);

 private:
  void ask();
  void set(const QVariant& value);
  std::optional<bool> prefersDark_;
};

}  // namespace lab::ui
