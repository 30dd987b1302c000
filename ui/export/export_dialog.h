#pragma once
// Asks what to export, as what, how large and where to, and does it.

#include "export/plot_export.h"

#include <QDialog>

class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace lab::ui {

class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  /// At least one; they must outlive the dialog.
  ExportDialog(std::vector<Exportable*> choices, QWidget* parent);

  /// Writes the chosen plot to `path` and closes, or shows the problem and stays.
  void exportTo(const QString& path);

 private:
  Exportable& chosen() const;
  ExportFormat format() const;
  void onChoice();
  void onFormat();
  void browse();

  std::vector<Exportable*> choices_;
  QComboBox* plot_;
  QComboBox* format_;
  QSpinBox* width_;
  QSpinBox* height_;
  QDoubleSpinBox* scale_;
  QPushButton* copy_;
  QLabel* pixels_;
  QLabel* problem_;
};

}  // namespace lab::ui
