#pragma once
// The masks of all layers side by side; a click makes one large.

#include "live/mask_view.h"
#include "plots/panel.h"

#include <memory>
#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QStackedWidget;
class QToolButton;

namespace lab::ui {

class MaskPanel : public Panel {
  Q_OBJECT
 public:
  explicit MaskPanel(QWidget* parent = nullptr);

  void startRun(const std::vector<lab::LayerInfo>& layers, std::vector<lab::Mask> initialMasks);
  void setSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot);
  void clear();
  void setMode(MaskMode mode);

  /// Makes a layer large; -1: all of them.
  void showLayer(int layer);
  int shownLayer() const { return large_; }

  std::vector<MaskView*> thumbnails() const { return thumbnails_; }
  MaskView* largeView() const { return largeView_; }

 Q_SIGNALS:
  void layerChosen(int layer);  ///< by a click; -1: back to all

 private:
  /// The large view with its axes named.
  QWidget* makeLargePage();
  void refresh();
  std::shared_ptr<const MaskSource> sourceOf(size_t layer) const;
  QString captionOf(const MaskSource& source) const;

  std::vector<lab::LayerInfo> layers_;
  std::shared_ptr<const lab::MaskSnapshot> snapshot_, previous_;
  QStackedWidget* stack_;
  QWidget* overview_;
  QGridLayout* grid_;
  std::vector<MaskView*> thumbnails_;
  std::vector<QLabel*> captions_;
  MaskView* largeView_;
  QLabel* largeCaption_;
  QToolButton* back_;
  QComboBox* modes_;
  int large_ = -1;
};

}  // namespace lab::ui
