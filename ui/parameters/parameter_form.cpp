#include "parameters/parameter_form.h"

#include "parameters/section.h"

#include <QUndoCommand>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace lab::ui {
namespace {

/// The lab's main dials: the quantities that the paper turns.
struct DialScale {
  std::string_view key;
  std::vector<double> stops;
};

const std::vector<DialScale>& dialScales() {
  static const std::vector<DialScale> scales{
      {"update_interval", {1,   2,   3,   5,   7,   10,   15,   20,   30,   50,   70,   100,
                           150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10000}},
      {"batch_size", {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096}},
      {"prune_rate", {.01, .02, .03, .05, .07, .1, .15, .2, .25, .3, .35, .4,
                      .45, .5,  .55, .6,  .65, .7, .75, .8, .85, .9, .95, .98}}};
  return scales;
}

constexpr int kSendMilliseconds = 120;

}  // namespace

class ParameterForm::Edit : public QUndoCommand {
 public:
  Edit(ParameterForm& form, FormValues after, int typing, const QString& text)
      : QUndoCommand(text), form_(form), before_(form.values_), after_(std::move(after)), typing_(typing) {}
  void undo() override { form_.apply(before_); }
  void redo() override { form_.apply(after_); }
  int id() const override { return 1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto& next = static_cast<const Edit&>(*other);
    if (next.typing_ != typing_ || next.text() != text()) return false;
    after_ = next.after_;
    return true;
  }

 private:
  ParameterForm& form_;
  FormValues before_, after_;
  int typing_;
};

ParameterForm::ParameterForm(QWidget* parent) : QWidget(parent), outcome_(resolve({})) {
  build();
  sendSoon_.setSingleShot(true);
  sendSoon_.setInterval(kSendMilliseconds);
  connect(&sendSoon_, &QTimer::timeout, this, &ParameterForm::sendLiveChanges);
  showOutcome();
}

ParameterForm::~ParameterForm() {
  // A field that loses the focus while it goes still says that its edit is finished.
  for (const auto& [key, row] : rows_) row->disconnect(this);
  undo_.clear();
}

void ParameterForm::build() {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(16, 8, 12, 16);
  layout->setSpacing(12);
  for (const auto& scale : dialScales()) {
    auto* dial = new Dial(*findParameter(scale.key), scale.stops, this);
    add(dial);
    layout->addWidget(dial);
  }
  Section* section = nullptr;
  const Group* group = nullptr;
  for (const auto& parameter : parameters()) {
    if (rows_.contains(parameter.key)) continue;
    if (group == nullptr || *group != parameter.group) {
      section = new Section(toQt(title(parameter.group)), this);
      section->setOpen(parameter.group != Group::Engine);
      sections_.push_back(section);
      layout->addWidget(section);
      group = &parameter.group;
    }
    auto* row = new ParameterRow(parameter, section);
    add(row);
    section->add(row);
  }
  layout->addStretch();
}

void ParameterForm::add(ParameterRow* row) {
  const std::string key(row->parameter().key);
  rows_[key] = row;
  connect(row, &ParameterRow::edited, this,
          [this, key](const QString& text) { setValue(key, text.toStdString()); });
  connect(row, &ParameterRow::settled, this, [this] { ++typing_; });
  connect(row, &ParameterRow::resetRequested, this, [this, key] { resetValue(key); });
}

void ParameterForm::setValue(const std::string& key, const std::string& text) {
  auto next = values_;
  next[key] = text;
  push(std::move(next), tr("change of %1").arg(toQt(findParameter(key)->label)));
}

void ParameterForm::resetValue(const std::string& key) {
  auto next = values_;
  next.erase(key);
  ++typing_;
  push(std::move(next), tr("reset of %1").arg(toQt(findParameter(key)->label)));
  ++typing_;
}

void ParameterForm::setConfig(const lab::Config& config, const QString& undoText) {
  ++typing_;
  push(valuesOf(config), undoText);
  ++typing_;
}

void ParameterForm::restore(const FormValues& values) {
  FormValues known;
  for (const auto& [key, text] : values)
    if (findParameter(key) != nullptr) known[key] = text;
  undo_.clear();
  apply(known);
}

void ParameterForm::push(FormValues next, const QString& text) {
  if (next == values_) return;
  editedInRun_ = running_;
  undo_.push(new Edit(*this, std::move(next), typing_, text));
}

void ParameterForm::apply(const FormValues& values) {
  values_ = values;
  outcome_ = resolve(values_);
  showOutcome();
  if (running_) sendSoon_.start();
  Q_EMIT changed();
}

void ParameterForm::showOutcome() {
  for (const auto& [key, row] : rows_) {
    const auto& parameter = row->parameter();
    const auto set = values_.find(key);
    row->setValue(toQt(set != values_.end() ? set->second : valueText(outcome_.config, parameter)),
                  toQt(valueText(outcome_.defaults, parameter)));
    const auto idle = outcome_.idle.find(key);
    QString reason = idle == outcome_.idle.end() ? QString() : toQt(idle->second);
    if (reason.isEmpty() && running_ && parameter.takesEffect == TakesEffect::NewRun)
      reason = tr("Fixed while the run is under way. Stop it to change this.");
    row->setUnavailable(reason);
    const auto problem = std::ranges::find(outcome_.problems, key, &Problem::key);
    row->setProblem(problem == outcome_.problems.end() ? QString() : toQt(problem->message));
  }
}

void ParameterForm::setRunning(bool running) {
  if (running == running_) return;
  running_ = running;
  undoFloor_ = undo_.index();
  editedInRun_ = false;
  ++typing_;
  sent_ = outcome_.config;
  showOutcome();
  showNotes();
  Q_EMIT changed();
}

void ParameterForm::sendLiveChanges() {
  if (!running_ || !outcome_.problems.empty()) return;
  for (const auto& [key, row] : rows_) {
    const auto value = valueText(outcome_.config, row->parameter());
    if (value == valueText(sent_, row->parameter())) continue;
    Q_EMIT liveChange(key, value);
  }
  sent_ = outcome_.config;
}

bool ParameterForm::canUndo() const { return undo_.canUndo() && (!running_ || undo_.index() > undoFloor_); }

bool ParameterForm::canRedo() const { return undo_.canRedo() && (!running_ || editedInRun_); }

void ParameterForm::undo() {
  ++typing_;
  if (canUndo()) undo_.undo();
}

void ParameterForm::redo() {
  if (canRedo()) undo_.redo();
}

ParameterRow* ParameterForm::row(const std::string& key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : found->second;
}

Dial* ParameterForm::dial(const std::string& key) const { return qobject_cast<Dial*>(row(key)); }

void ParameterForm::setNote(const std::string& key, const QString& text) {
  notes_[key] = text;
  showNotes();
}

void ParameterForm::showNotes() {
  for (const auto& scale : dialScales()) {
    const std::string key(scale.key);
    auto* wanted = dial(key);
    const bool atEpoch = wanted->parameter().takesEffect == TakesEffect::NextEpoch;
    if (!running_)
      wanted->setNote(notes_[key]);
    else if (wanted->isInUse())
      wanted->setNote(atEpoch ? tr("Takes effect at the next epoch") : tr("Takes effect at the next update"));
  }
}

QByteArray ParameterForm::saveSections() const {
  QByteArray state;
  for (const auto* section : sections_) state.append(section->isOpen() ? '1' : '0');
  return state;
}

void ParameterForm::restoreSections(const QByteArray& state) {
  if (state.size() != static_cast<qsizetype>(sections_.size())) return;
  for (qsizetype i = 0; i < state.size(); ++i) sections_[static_cast<size_t>(i)]->setOpen(state[i] == '1');
}

}  // namespace lab::ui
