#pragma once
// What is on screen as a command line and as TOML, with the configuration hash; takes either form back.

#include "parameters/config.h"
#include "plots/panel.h"

class QPlainTextEdit;
class QPushButton;

namespace lab::ui {

class ReproducibilityPanel : public Panel {
  Q_OBJECT
 public:
  explicit ReproducibilityPanel(QWidget* parent = nullptr);

  /// `what` says whose configuration it is: "the form", "run 2026...".
  void setConfig(const lab::Config& config, const QString& what);
  /// A figure is many runs: its command line stands for all of them, and there is no TOML.
  void setFigure(const QString& commandLine, const QString& what);

  QString commandLine() const;
  QString toml() const;
  QString hash() const;

  /// Reads TOML or a command line and asks for it to be loaded, or says what is wrong with it.
  void take(const QString& text);
  QString problem() const;

 Q_SIGNALS:
  void loadWanted(const lab::Config& config);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QLabel *what_, *hash_, *problem_;
  QPlainTextEdit *command_, *toml_;
  QPushButton *copyHash_, *copyToml_;
};

}  // namespace lab::ui
