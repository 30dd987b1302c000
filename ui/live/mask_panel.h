#pragma once
// The masks of all layers side by side; a click makes one large, Escape goes back.

#include "live/mask_sheet.h"
#include "live/mask_view.h"
#include "plots/panel.h"

#include <QToolButton>

#include <memory>
#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QStackedWidget;

namespace lab::ui {

class ColourKey;

class MaskPanel : public Panel {
  Q_OBJECT
 public:
  explicit MaskPanel(QWidget* parent = nullptr);

  void startRun(const std::vector<lab::LayerInfo>& layers, std::vector<lab::Mask> initialMasks);
  void setSnapshot(std::shared_ptr<const lab::MaskSnapshot> snapshot);
  /// The run's history, for lives and animations; null: none. It may go on growing.
  void setReplay(std::shared_ptr<lab::MaskReplay> replay);
  /// The moment that changes and survival are counted from; null: the initial masks.
  void setReference(std::shared_ptr<const lab::MaskSnapshot> moment);
  void clear();
  void setMode(MaskMode mode);
  MaskMode mode() const;

  /// Makes a layer large; -1: all of them.
  void showLayer(int layer);
  int shownLayer() const { return large_; }

  std::vector<MaskView*> thumbnails() const { return thumbnails_; }
  MaskView* largeView() const { return largeView_; }
  void setEnlarged(bool on) { enlarge_->setChecked(on); }
  /// In a window of its own there is no page to take room from, only room to give back.
  void setFloating(bool on);
  /// What is large, or the sheet and each of its layers.
  std::vector<Exportable*> exportables();

 Q_SIGNALS:
  void layerChosen(int layer);  ///< by a click; -1: back to all
  void enlargeWanted(bool on);  ///< the masks are to have most of the page

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  /// The large view with its axes named.
  QWidget* makeLargePage();
  void makeExport();
  bool handleKey(QKeyEvent* event);
  void goBack();
  void refresh();
  void showKey();
  void updateFilms();
  std::shared_ptr<const MaskSource> sourceOf(size_t layer,
                                             std::shared_ptr<const lab::MaskSnapshot> snapshot) const;
  std::shared_ptr<const lab::MaskSnapshot> frameAt(int frame) const;
  QString captionOf(const MaskSource& source) const;

  std::vector<lab::LayerInfo> layers_;
  std::shared_ptr<const lab::MaskSnapshot> snapshot_, reference_, initial_;
  std::shared_ptr<lab::MaskReplay> replay_;
  MaskSheet sheet_;
  QStackedWidget* stack_;
  QWidget* overview_;
  QGridLayout* grid_;
  std::vector<MaskView*> thumbnails_;
  std::vector<QLabel*> captions_;
  MaskView* largeView_;
  QLabel* largeCaption_;
  QToolButton *back_, *enlarge_;
  QComboBox* modes_;
  ColourKey* key_;
  int large_ = -1;
};

}  // namespace lab::ui
