#pragma once
// The form of all parameters, generated from the table: three dials on top, the rest in sections that fold away.
// Shows problems where they are and greys out what has no effect.

#include "parameters/form_values.h"
#include "parameters/parameter_row.h"
#include "settings_history.h"

#include <QTimer>
#include <QWidget>

#include <map>
#include <string>
#include <vector>

namespace lab::ui {

class Section;

class ParameterForm : public QWidget {
  Q_OBJECT
 public:
  /// Its edits go to `history`, which is asked for nothing when the form goes.
  explicit ParameterForm(SettingsHistory& history, QWidget* parent = nullptr);
  ~ParameterForm() override;

  const lab::Config& config() const { return outcome_.config; }
  const Problems& problems() const { return outcome_.problems; }
  const FormValues& values() const { return values_; }

  void setConfig(const lab::Config& config, const QString& undoText);  ///< undoable
  void setValue(const std::string& key, const std::string& text);      ///< undoable
  void resetValue(const std::string& key);                             ///< undoable
  void restore(const FormValues& values);                              ///< not undoable; unknown keys are left out

  /// While a run is under way only what may change during it can be edited, and edits are told by liveChange.
  void setRunning(bool running);

  ParameterRow* row(const std::string& key) const;
  Dial* dial(const std::string& key) const;
  /// Unfolds its section, scrolls to it and puts the cursor into it.
  void reveal(const std::string& key);
  /// A sentence under a dial; while a run is under way the dial says when a change takes effect instead.
  void setNote(const std::string& key, const QString& text);

  QByteArray saveSections() const;
  void restoreSections(const QByteArray& state);

 Q_SIGNALS:
  void changed();
  void liveChange(const std::string& key, const std::string& value);

 private:
  void build();
  void add(ParameterRow* row);
  void push(FormValues next, const QString& text);
  void apply(const FormValues& values);
  void showOutcome();
  void showNotes();
  void sendLiveChanges();

  FormValues values_;
  FormOutcome outcome_;
  std::map<std::string, ParameterRow*, std::less<>> rows_;
  std::map<std::string, QString> notes_;
  std::vector<Section*> sections_;
  SettingsHistory& history_;
  int typing_ = 0;  ///< edits with the same number are one step of undo
  bool running_ = false;
  lab::Config sent_;  ///< what the run under way has been told
  QTimer sendSoon_;
};

}  // namespace lab::ui
