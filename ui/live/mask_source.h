#pragma once
// What a picture of one layer's mask is made of: the masks of a moment, and what of them is to be shown.

#include "live/mask_layout.h"
#include "store/mask_replay.h"
#include "training/run_observer.h"

#include <QCoreApplication>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lab::ui {

enum class MaskMode {
  Active,    ///< connected at the moment
  Change,    ///< grown since the chosen moment minus dropped since then
  Explored,  ///< ever connected until the moment
  Age,       ///< steps since the ongoing life began
  Survived   ///< connected at the chosen moment and ever since
};
inline constexpr int kMaskModes = 5;

struct MaskSource {
  Q_DECLARE_TR_FUNCTIONS(MaskSource)
 public:
  std::shared_ptr<const lab::MaskSnapshot> moment;
  size_t layer = 0;
  std::string name;
  MaskLayout layout;
  MaskMode mode = MaskMode::Active;
  lab::Mask shown;    ///< as in the picture; Change: the grown ones
  lab::Mask dropped;  ///< as in the picture; Change only
  /// All lives of a weight until the moment; empty where no history is at hand.
  std::function<std::vector<lab::ConnectionLife>(int64_t weight)> lives;

  const lab::Mask& active() const { return moment->active[layer]; }
  int64_t ones() const;    ///< of `shown`
  double density() const;  ///< of `shown`
  /// Steps since an active weight's life began, by its place among the active ones; -1: not known.
  int64_t age(size_t place) const;
  /// Index, whether it exists, weight, since when, lives: what the tooltip says.
  QString describe(int64_t weight) const;

 private:
  mutable std::optional<int64_t> ones_;  ///< counted when first asked for
};

/// `since`: the chosen moment; null: the moment itself.
std::shared_ptr<MaskSource> makeMaskSource(std::shared_ptr<const lab::MaskSnapshot> moment,
                                           const lab::MaskSnapshot* since, size_t layer,
                                           const lab::LayerInfo& info, MaskMode mode);

}  // namespace lab::ui
