#include "store/life_counts.h"

namespace lab {

LifeCounts::LifeCounts(const Mask& initial) : initial_(initial) {
  now_.weights = initial.size();
  now_.active = now_.explored = now_.initialSurvivors = now_.initialEdges = initial.count();
  now_.countsAsDense = now_.active == now_.weights;
  living_.push_back(now_.active);
}

void LifeCounts::age(const std::vector<int64_t>& stepOf, size_t moment, int64_t reliableSteps) {
  for (; firstYoung_ < living_.size() && stepOf[moment] - stepOf[firstYoung_] >= reliableSteps; ++firstYoung_)
    now_.activeReliable += living_[firstYoung_];
}

LayerExploration LifeCounts::initially(int64_t reliableSteps) {
  age({0}, 0, reliableSteps);
  return now_;
}

LayerExploration LifeCounts::at(int64_t step, const std::vector<int64_t>& stepOf, int64_t reliableSteps) const {
  LayerExploration now = now_;
  for (size_t m = firstYoung_; m < living_.size() && step - stepOf[m] >= reliableSteps; ++m)
    now.activeReliable += living_[m];
  return now;
}

LayerExploration LifeCounts::after(const LayerStep& step, size_t moment, const std::vector<int64_t>& stepOf,
                                   int64_t reliableSteps) {
  age(stepOf, moment, reliableSteps);
  for (size_t i = 0; i < step.off.size(); ++i) {
    const uint32_t born = step.bornOff[i];
    --living_[born];
    now_.activeReliable -= born < firstYoung_;
    now_.initialSurvivors -= born == 0;
    now_.initialEdges -= initial_.test(step.off[i]);
  }
  for (const uint32_t position : step.on) now_.initialEdges += initial_.test(position);
  living_.push_back(static_cast<int64_t>(step.on.size()));
  now_.grown = static_cast<int64_t>(step.on.size() + step.between.size());
  now_.dropped = static_cast<int64_t>(step.off.size() + step.between.size());
  now_.active += now_.grown - now_.dropped;
  now_.explored += static_cast<int64_t>(step.fresh.size());
  now_.countsAsDense = now_.initialSurvivors == now_.weights;
  age(stepOf, moment, reliableSteps);  // where reliableSteps is 0, what was just grown is old
  return now_;
}

}  // namespace lab
