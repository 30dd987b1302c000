#include "export/plot_export.h"

#include "export/apng.h"
#include "export/export_dialog.h"

#include "plots/qcp.h"

#include <QBuffer>
#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QMenu>
#include <QPdfWriter>
#include <QSaveFile>
#include <QScreen>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace lab::ui {

namespace {

constexpr double kMetresAnInch = 0.0254;
constexpr int kPictureMilliseconds = 80, kLastMilliseconds = 20'000;  ///< of an animation: a frame, all of them

/// Fonts have sizes in points: every device paints with the resolution that the layout was measured with.
int layoutDpi() {
  const QScreen* screen = QGuiApplication::primaryScreen();
  return screen ? qRound(screen->logicalDotsPerInch()) : 96;
}

int dotsPerMetre(double dpi) { return qRound(dpi / kMetresAnInch); }

/// `frame` < 0: as it is.
QImage picture(Exportable& what, QSize size, double scale, int frame = -1) {
  QImage image((QSizeF(size) * scale).toSize(), QImage::Format_RGB32);
  image.fill(Qt::white);
  image.setDotsPerMeterX(dotsPerMetre(layoutDpi()));
  image.setDotsPerMeterY(dotsPerMetre(layoutDpi()));
  QCPPainter painter(&image);
  painter.setMode(QCPPainter::pmNoCaching);
  painter.scale(scale, scale);
  frame < 0 ? what.paintExport(painter, size) : what.paintFrame(painter, size, frame);
  painter.end();
  image.setDotsPerMeterX(dotsPerMetre(layoutDpi() * scale));
  image.setDotsPerMeterY(dotsPerMetre(layoutDpi() * scale));
  return image;
}

QByteArray png(Exportable& what, QSize size, double scale) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  picture(what, size, scale).save(&buffer, "PNG");
  return bytes;
}

QByteArray apng(Exportable& what, QSize size, double scale, const ExportProgress& progress) {
  const int frames = what.frames();
  if (frames == 0) return {};
  return apngBytes(
      frames, std::clamp(kLastMilliseconds / frames, 20, kPictureMilliseconds),
      [&](int frame) { return picture(what, size, scale, frame); },
      [&](int frame) { return !progress || progress(frame, frames); });
}

void paintVectors(Exportable& what, QPaintDevice& device, QSize size) {
  QCPPainter painter(&device);
  painter.setMode(QCPPainter::pmVectorized);
  painter.setMode(QCPPainter::pmNoCaching);
  what.paintExport(painter, size);
}

QByteArray svg(Exportable& what, QSize size) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(size);
  generator.setViewBox(QRect({0, 0}, size));
  generator.setResolution(layoutDpi());
  generator.setTitle(what.exportTitle());
  paintVectors(what, generator, size);
  return bytes;
}

QByteArray pdf(Exportable& what, QSize size) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  const double pointsAPixel = 72.0 / layoutDpi();
  writer.setPageSize(QPageSize(QSizeF(size) * pointsAPixel, QPageSize::Point, {}, QPageSize::ExactMatch));
  writer.setPageMargins({});
  writer.setResolution(layoutDpi());
  writer.setTitle(what.exportTitle());
  paintVectors(what, writer, size);
  return bytes;
}

/// Unbuffered and piece by piece: Qt's buffer takes a short write, as a full disk gives, for success.
bool writeAll(QIODevice& file, const QByteArray& bytes) {
  for (qint64 done = 0; done < bytes.size();) {
    const qint64 written = file.write(bytes.constData() + done, bytes.size() - done);
    if (written <= 0) return false;
    done += written;
  }
  return true;
}

QString csvCell(const QString& text) {
  static const QRegularExpression special(QStringLiteral("[,\"\r\n]"));
  if (!text.contains(special)) return text;
  return u'"' + QString(text).replace(u'"', QStringLiteral("\"\"")) + u'"';
}

void appendRow(QByteArray& bytes, const QStringList& cells) {
  QStringList quoted;
  for (const QString& cell : cells) quoted << csvCell(cell);
  bytes += quoted.join(u',').toUtf8() + "\r\n";
}

}  // namespace

QString csvNumber(double value) {
  return std::isnan(value) ? QString() : QString::number(value, 'g', QLocale::FloatingPointShortest);
}

QByteArray csvText(const CsvTable& table) {
  QByteArray bytes;
  appendRow(bytes, table.header);
  for (const QStringList& row : table.rows) appendRow(bytes, row);
  return bytes;
}

QByteArray exportBytes(Exportable& what, ExportFormat format, QSize size, double scale,
                       const ExportProgress& progress) {
  switch (format) {
    case ExportFormat::Png:
      return png(what, size, scale);
    case ExportFormat::Svg:
      return svg(what, size);
    case ExportFormat::Pdf:
      return pdf(what, size);
    case ExportFormat::Csv:
      return csvText(what.exportTable());
    case ExportFormat::Apng:
      return apng(what, size, scale, progress);
  }
  return {};
}

Problems exportTo(Exportable& what, const QString& path, ExportFormat format, QSize size, double scale,
                  const ExportProgress& progress) {
  const QByteArray bytes = exportBytes(what, format, size, scale, progress);
  if (bytes.isEmpty() && format == ExportFormat::Apng) return {};  // it was ended
  QSaveFile file(path);
  if (file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && writeAll(file, bytes) && file.commit()) return {};
  return {{path.toStdString(), QCoreApplication::translate("Export", "%1 cannot be written: %2.")
                                   .arg(path, file.errorString())
                                   .toStdString()}};
}

void copyPicture(Exportable& what) { QGuiApplication::clipboard()->setImage(picture(what, what.exportSize(), 2)); }

void copyData(Exportable& what) {
  QGuiApplication::clipboard()->setText(QString::fromUtf8(csvText(what.exportTable())));
}

void addExportActions(QMenu& menu, Exportable& what, QWidget* parent) {
  menu.addAction(QCoreApplication::translate("Export", "Export…"), parent,
                 [&what, parent] { ExportDialog({&what}, parent).exec(); });
  menu.addAction(QCoreApplication::translate("Export", "Copy picture"), parent, [&what] { copyPicture(what); });
  menu.addAction(QCoreApplication::translate("Export", "Copy data as CSV"), parent, [&what] { copyData(what); });
}

}  // namespace lab::ui
