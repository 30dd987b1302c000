#include "export/export_dialog.h"

#include "theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressDialog>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSpinBox>

namespace lab::ui {

namespace {

struct FormatRow {
  ExportFormat format;
  const char* suffix;
  const char* label;
};
constexpr FormatRow kFormats[] = {
    {ExportFormat::Png, "png", QT_TRANSLATE_NOOP("ExportDialog", "PNG picture")},
    {ExportFormat::Svg, "svg", QT_TRANSLATE_NOOP("ExportDialog", "SVG drawing")},
    {ExportFormat::Pdf, "pdf", QT_TRANSLATE_NOOP("ExportDialog", "PDF page")},
    {ExportFormat::Csv, "csv", QT_TRANSLATE_NOOP("ExportDialog", "CSV table of what it shows")},
    {ExportFormat::Apng, "png", QT_TRANSLATE_NOOP("ExportDialog", "Animation of the whole run (APNG)")},
};

QSpinBox* pixelBox(const QString& name) {
  auto* box = new QSpinBox;
  box->setRange(100, 10'000);
  box->setSuffix(QStringLiteral(" px"));
  box->setAccessibleName(name);
  return box;
}

QString lastFolder() {
  const QString folder = QSettings().value(QStringLiteral("export/folder")).toString();
  return folder.isEmpty() ? QDir::homePath() : folder;
}

}  // namespace

ExportDialog::ExportDialog(std::vector<Exportable*> choices, QWidget* parent)
    : QDialog(parent), choices_(std::move(choices)) {
  setWindowTitle(tr("Export"));
  plot_ = new QComboBox;
  for (const Exportable* choice : choices_) plot_->addItem(choice->exportTitle());
  format_ = new QComboBox;
  width_ = pixelBox(tr("Width"));
  height_ = pixelBox(tr("Height"));
  scale_ = new QDoubleSpinBox;
  scale_->setRange(0.5, 8);
  scale_->setSingleStep(0.5);
  scale_->setDecimals(1);
  scale_->setValue(2);
  scale_->setPrefix(QStringLiteral("× "));
  pixels_ = new QLabel;
  problem_ = new QLabel;
  problem_->setWordWrap(true);
  problem_->setStyleSheet(QStringLiteral("color: %1").arg(theme().bad.name()));
  problem_->hide();

  auto* size = new QHBoxLayout;
  size->addWidget(width_);
  size->addWidget(new QLabel(QStringLiteral("×")));
  size->addWidget(height_);
  size->addStretch();
  auto* form = new QFormLayout;
  if (choices_.size() > 1) form->addRow(tr("Plot"), plot_);
  form->addRow(tr("Format"), format_);
  form->addRow(tr("Size"), size);
  form->addRow(tr("Scale"), scale_);
  form->addRow({}, pixels_);

  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  QPushButton* save = buttons->addButton(tr("Export…"), QDialogButtonBox::ActionRole);
  save->setDefault(true);
  copy_ = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(form);
  layout->addWidget(problem_);
  layout->addWidget(buttons);
  layout->setSizeConstraint(QLayout::SetFixedSize);

  connect(plot_, &QComboBox::currentIndexChanged, this, [this] { onChoice(); });
  connect(format_, &QComboBox::currentIndexChanged, this, [this] { onFormat(); });
  for (QSpinBox* box : {width_, height_}) connect(box, &QSpinBox::valueChanged, this, [this] { onFormat(); });
  connect(scale_, &QDoubleSpinBox::valueChanged, this, [this] { onFormat(); });
  connect(save, &QPushButton::clicked, this, [this] { browse(); });
  connect(copy_, &QPushButton::clicked, this, [this] {
    format() == ExportFormat::Csv ? copyData(chosen()) : copyPicture(chosen());
    accept();
  });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  onChoice();
}

Exportable& ExportDialog::chosen() const { return *choices_[static_cast<size_t>(plot_->currentIndex())]; }

ExportFormat ExportDialog::format() const { return kFormats[format_->currentIndex()].format; }

void ExportDialog::onChoice() {
  const int kept = format_->currentIndex();
  {
    const QSignalBlocker quiet(format_);
    format_->clear();
    for (const FormatRow& row : kFormats)
      if (row.format != ExportFormat::Apng || chosen().frames() > 1)
        format_->addItem(QCoreApplication::translate("ExportDialog", row.label));
    format_->setCurrentIndex(kept >= 0 && kept < format_->count() ? kept : 0);
  }
  width_->setValue(chosen().exportSize().width());
  height_->setValue(chosen().exportSize().height());
  onFormat();
}

void ExportDialog::onFormat() {
  const bool film = format() == ExportFormat::Apng, png = film || format() == ExportFormat::Png;
  copy_->setEnabled(!film);
  scale_->setEnabled(png);
  width_->setEnabled(format() != ExportFormat::Csv);
  height_->setEnabled(format() != ExportFormat::Csv);
  const QSize pixels = (QSizeF(width_->value(), height_->value()) * scale_->value()).toSize();
  const QString each = tr("%1 × %2 pixels").arg(pixels.width()).arg(pixels.height());
  pixels_->setText(film  ? tr("%1, %2 frames").arg(each).arg(chosen().frames())
                   : png ? tr("%1, %2 dpi").arg(each).arg(96 * scale_->value())
                         : QString());
}

void ExportDialog::browse() {
  const FormatRow& row = kFormats[format_->currentIndex()];
  const QString suffix = QString::fromLatin1(row.suffix);
  QString path = QFileDialog::getSaveFileName(this, tr("Export"),
                                              QDir(lastFolder()).filePath(chosen().exportName() + u'.' + suffix),
                                              QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
  if (path.isEmpty()) return;
  if (QFileInfo(path).suffix().isEmpty()) path += u'.' + suffix;
  exportTo(path);
}

void ExportDialog::exportTo(const QString& path) {
  QProgressDialog waiting(tr("Drawing the animation"), tr("Cancel"), 0, std::max(1, chosen().frames()), this);
  waiting.setWindowModality(Qt::WindowModal);
  const auto progress = [&waiting](int frame, int) {
    waiting.setValue(frame);
    return !waiting.wasCanceled();
  };
  const Problems problems =
      ui::exportTo(chosen(), path, format(), {width_->value(), height_->value()}, scale_->value(), progress);
  if (waiting.wasCanceled()) return;
  if (problems.empty()) {
    QSettings().setValue(QStringLiteral("export/folder"), QFileInfo(path).absolutePath());
    accept();
    return;
  }
  problem_->setText(QString::fromStdString(describe(problems)));
  problem_->show();
}

}  // namespace lab::ui
