#include "live/mask_source.h"

#include "plots/plot.h"

namespace lab::ui {

namespace {

constexpr size_t kMostLivesNamed = 4;

/// On in `a` and not in `b`.
lab::Mask without(lab::Mask a, const lab::Mask& b) {
  for (size_t w = 0; w < a.words().size(); ++w) a.words()[w] &= ~b.words()[w];
  return a;
}

/// Active at a step and ever since. Ages that are not known do not tell: then all that are active at both.
lab::Mask survivors(const lab::MaskSnapshot& now, const lab::MaskSnapshot& since, size_t layer) {
  lab::Mask result = now.active[layer];
  result &= since.active[layer];
  if (layer >= now.aliveSince.size()) return result;
  size_t place = 0;
  forEachOne(now.active[layer], [&](int64_t weight) {
    if (now.aliveSince[layer][place++] > since.step) result.clear(weight);
  });
  return result;
}

QString livesText(const std::vector<lab::ConnectionLife>& lives) {
  QStringList spans;
  for (size_t i = lives.size() > kMostLivesNamed ? lives.size() - kMostLivesNamed : 0; i < lives.size(); ++i)
    spans << (lives[i].end ? QStringLiteral("%1–%2").arg(countText(double(lives[i].begin)),
                                                         countText(double(*lives[i].end)))
                           : MaskSource::tr("%1–now").arg(countText(double(lives[i].begin))));
  if (lives.size() > kMostLivesNamed) spans.prepend(QStringLiteral("…"));
  return MaskSource::tr("\nlives: %1 (steps %2)").arg(lives.size()).arg(spans.join(QStringLiteral(", ")));
}

}  // namespace

int64_t MaskSource::ones() const {
  if (!ones_) ones_ = shown.count();
  return *ones_;
}

double MaskSource::density() const {
  return shown.size() == 0 ? 0 : static_cast<double>(ones()) / static_cast<double>(shown.size());
}

int64_t MaskSource::age(size_t place) const {
  if (layer >= moment->aliveSince.size() || place >= moment->aliveSince[layer].size()) return -1;
  return moment->step - moment->aliveSince[layer][place];
}

QString MaskSource::describe(int64_t weight) const {
  const MaskLayout::Place place = layout.placeOf(weight);
  QString text = layout.convolution() ? tr("filter %1 ← channel %2, kernel row %3, column %4")
                                            .arg(place.row / layout.kernelRows)
                                            .arg(place.column / layout.kernelColumns)
                                            .arg(place.row % layout.kernelRows)
                                            .arg(place.column % layout.kernelColumns)
                                      : tr("unit %1 ← input %2").arg(place.row).arg(place.column);
  const auto past = lives ? lives(weight) : std::vector<lab::ConnectionLife>{};
  if (!active().test(weight)) {
    const bool before = layer < moment->explored.size() && moment->explored[layer].test(weight);
    text += u'\n' + (before ? tr("explored earlier, not connected now") : tr("never connected"));
    return past.empty() ? text : text + livesText(past);
  }
  const auto index = static_cast<size_t>(active().count(0, weight));
  if (layer < moment->state.layers.size() && index < moment->state.layers[layer].weights.size())
    text += tr("\nweight %1").arg(double(moment->state.layers[layer].weights[index]), 0, 'g', 4);
  if (const int64_t steps = age(index); steps >= 0)
    text += steps == moment->step ? tr("\nactive since the start")
                                  : tr("\nactive since step %1 (%2 steps)")
                                        .arg(countText(double(moment->step - steps)), countText(double(steps)));
  if (!past.empty()) return text + livesText(past);
  if (layer < moment->lives.size() && index < moment->lives[layer].size()) {
    const int count = moment->lives[layer][index];
    if (count == 255)
      text += tr("\nat least its 255th life");
    else
      text += count == 1 ? tr("\nits first life") : tr("\nlife number %1").arg(count);
  }
  return text;
}

std::shared_ptr<MaskSource> makeMaskSource(std::shared_ptr<const lab::MaskSnapshot> moment,
                                           const lab::MaskSnapshot* since, size_t layer,
                                           const lab::LayerInfo& info, MaskMode mode) {
  auto source = std::make_shared<MaskSource>();
  const bool fits = since != nullptr && layer < since->active.size() &&
                    since->active[layer].size() == moment->active[layer].size();
  const lab::MaskSnapshot& then = fits ? *since : *moment;
  const lab::Mask& active = moment->active[layer];
  source->moment = moment;
  source->layer = layer;
  source->name = info.name;
  source->layout = MaskLayout(info.shape);
  source->mode = mode;
  switch (mode) {
    case MaskMode::Active:
    case MaskMode::Age:
      source->shown = source->layout.arranged(active);
      break;
    case MaskMode::Change:
      source->shown = source->layout.arranged(without(active, then.active[layer]));
      source->dropped = source->layout.arranged(without(then.active[layer], active));
      break;
    case MaskMode::Explored:
      source->shown = source->layout.arranged(layer < moment->explored.size() ? moment->explored[layer] : active);
      break;
    case MaskMode::Survived:
      source->shown = source->layout.arranged(survivors(*moment, then, layer));
      break;
  }
  return source;
}

}  // namespace lab::ui
