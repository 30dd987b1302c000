#include "reproducibility_panel.h"

#include "parameters/config_text.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

namespace lab::ui {
namespace {

QPlainTextEdit* textPane(const QString& name, QWidget* parent) {
  auto* pane = new QPlainTextEdit(parent);
  pane->setReadOnly(true);
  pane->setAccessibleName(name);
  pane->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  pane->setFrameShape(QFrame::NoFrame);
  pane->setTabChangesFocus(true);
  pane->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  return pane;
}

/// Keeps the place where somebody reads.
void showText(QPlainTextEdit* pane, const QString& text) {
  if (pane->toPlainText() == text) return;
  const int place = pane->verticalScrollBar()->value();
  pane->setPlainText(text);
  pane->verticalScrollBar()->setValue(place);
}

}  // namespace

ReproducibilityPanel::ReproducibilityPanel(QWidget* parent)
    : Panel(tr("Reproducibility"), new QWidget, parent),
      what_(new QLabel),
      hash_(new QLabel),
      problem_(new QLabel),
      command_(textPane(tr("Command line"), this)),
      toml_(textPane(tr("TOML"), this)),
      copyHash_(new QPushButton(tr("Copy"))),
      copyToml_(new QPushButton(tr("Copy"))) {
  setObjectName(QStringLiteral("reproducibility"));
  auto* copyCommand = new QPushButton(tr("Copy"));
  auto* paste = new QPushButton(tr("Load from the clipboard"));
  copyCommand->setObjectName(QStringLiteral("copyCommand"));
  copyToml_->setObjectName(QStringLiteral("copyToml"));
  copyHash_->setObjectName(QStringLiteral("copyHash"));
  paste->setObjectName(QStringLiteral("pasteConfiguration"));
  copyCommand->setAccessibleName(tr("Copy the command line"));
  copyToml_->setAccessibleName(tr("Copy the TOML"));
  copyHash_->setAccessibleName(tr("Copy the hash"));
  paste->setToolTip(
      tr("Takes TOML or \"itoplab run ...\" into the form; undo brings the form back (Ctrl+V here)"));
  hash_->setObjectName(QStringLiteral("configurationHash"));
  hash_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  hash_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  hash_->setToolTip(tr("Over everything that affects results. The command line gives the same for the same run."));
  what_->setObjectName(QStringLiteral("muted"));
  what_->setWordWrap(true);
  problem_->setObjectName(QStringLiteral("problem"));
  problem_->setWordWrap(true);
  problem_->hide();
  command_->setMaximumHeight(QFontMetrics(command_->font()).height() * 4 + 16);

  auto* layout = new QVBoxLayout(content());
  layout->setContentsMargins(10, 4, 10, 10);
  layout->setSpacing(6);
  layout->addWidget(what_);
  const auto heading = [&](const QString& text, QWidget* beside, QPushButton* button) {
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(QStringLiteral("<b>%1</b>").arg(text));
    row->addWidget(label);
    if (beside != nullptr) row->addWidget(beside);
    row->addStretch();
    row->addWidget(button);
    layout->addLayout(row);
  };
  heading(tr("Hash"), hash_, copyHash_);
  heading(tr("Command line"), nullptr, copyCommand);
  layout->addWidget(command_);
  heading(tr("TOML"), nullptr, copyToml_);
  layout->addWidget(toml_, 1);
  layout->addWidget(problem_);
  layout->addWidget(paste);
  setMinimumWidth(300);

  const auto copies = [](QPushButton* button, auto text) {
    QObject::connect(button, &QPushButton::clicked, button,
                     [text] { QApplication::clipboard()->setText(text()); });
  };
  copies(copyCommand, [this] { return commandLine(); });
  copies(copyToml_, [this] { return toml(); });
  copies(copyHash_, [this] { return hash(); });
  connect(paste, &QPushButton::clicked, this, [this] { take(QApplication::clipboard()->text()); });
  for (QWidget* part : findChildren<QWidget*>()) part->installEventFilter(this);
}

void ReproducibilityPanel::setConfig(const lab::Config& config, const QString& what) {
  what_->setText(what);
  hash_->setText(QString::fromStdString(configurationHash(config)));
  showText(command_, QString::fromStdString(toCommandLine(config)));
  showText(toml_, QString::fromStdString(toToml(config)));
  copyHash_->setEnabled(true);
  copyToml_->setEnabled(true);
}

void ReproducibilityPanel::setFigure(const QString& commandLine, const QString& what) {
  what_->setText(what);
  hash_->setText(QStringLiteral("–"));
  showText(command_, commandLine);
  showText(toml_, tr("# Each run of a figure has a configuration of its own:\n# open one to see it."));
  copyHash_->setEnabled(false);
  copyToml_->setEnabled(false);
}

QString ReproducibilityPanel::commandLine() const { return command_->toPlainText(); }

QString ReproducibilityPanel::toml() const { return toml_->toPlainText(); }

QString ReproducibilityPanel::hash() const { return hash_->text(); }

QString ReproducibilityPanel::problem() const { return problem_->isHidden() ? QString() : problem_->text(); }

void ReproducibilityPanel::take(const QString& text) {
  const auto read = readConfigText(text.toStdString());
  problem_->setText(read ? QString() : QString::fromStdString(describe(read.problems())));
  problem_->setVisible(!read);
  if (read) Q_EMIT loadWanted(read.value().config);
}

bool ReproducibilityPanel::eventFilter(QObject* watched, QEvent* event) {
  const bool key = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
  if (!key || !static_cast<QKeyEvent*>(event)->matches(QKeySequence::Paste))
    return Panel::eventFilter(watched, event);
  event->accept();
  if (event->type() == QEvent::KeyPress) take(QApplication::clipboard()->text());
  return true;
}

}  // namespace lab::ui
