#pragma once
// Plots and pictures as files: PNG, SVG, PDF, and CSV of what they show. Always light, whatever the screen is.

#include "result.h"

#include <QByteArray>
#include <QSize>
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

class QCPPainter;
class QMenu;
class QWidget;

namespace lab::ui {

/// Rows of text cells; numbers through csvNumber.
struct CsvTable {
  QStringList header;
  std::vector<QStringList> rows;
};

/// Shortest text that reads back as the same number, with a dot whatever the locale; empty for NaN.
QString csvNumber(double value);

/// RFC 4180, UTF-8.
QByteArray csvText(const CsvTable& table);

/// Something that can be exported.
class Exportable {
 public:
  virtual ~Exportable() = default;
  virtual QString exportTitle() const = 0;  ///< for people: "Accuracy against Rₛ"
  virtual QString exportName() const = 0;   ///< for files: "accuracy-rs"
  virtual QSize exportSize() const = 0;     ///< as on the screen, in pixels before scaling
  /// Draws in lightTheme() into (0, 0, size); the screen stays as it is.
  virtual void paintExport(QCPPainter& painter, QSize size) = 0;
  virtual CsvTable exportTable() const = 0;
  /// As an animation: how many pictures (0: it is none), and each of them as by paintExport.
  virtual int frames() const { return 0; }
  virtual void paintFrame(QCPPainter& painter, QSize size, int /*frame*/) { paintExport(painter, size); }
};

enum class ExportFormat { Png, Svg, Pdf, Csv, Apng };  ///< Apng: of what has frames

/// Asked before each frame of an animation; false ends it.
using ExportProgress = std::function<bool(int frame, int frames)>;

/// The file's bytes; none of an animation that was ended. `scale` multiplies the pixels of PNG and its dots per
/// inch; the others do not use it.
QByteArray exportBytes(Exportable& what, ExportFormat format, QSize size, double scale,
                       const ExportProgress& progress = {});

/// Writes whole or not at all; not at all without a problem when an animation was ended. Problem: the path and the
/// system's reason.
Problems exportTo(Exportable& what, const QString& path, ExportFormat format, QSize size, double scale = 2,
                  const ExportProgress& progress = {});

void copyPicture(Exportable& what);
void copyData(Exportable& what);

/// "Export…", "Copy picture", "Copy data": the end of every plot's context menu.
void addExportActions(QMenu& menu, Exportable& what, QWidget* parent);

}  // namespace lab::ui
