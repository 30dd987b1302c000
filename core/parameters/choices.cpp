#include "parameters/choices.h"

#include "data/augmentation.h"
#include "data/dataset_table.h"
#include "network/models.h"
#include "topology/distribution.h"
#include "topology/methods.h"
#include "topology/schedule.h"
#include "topology/semantics.h"
#include "training/initial_masks.h"
#include "training/initial_state.h"
#include "training/learning_rate.h"
#include "training/update_policy.h"

namespace lab::choices {

std::vector<std::string> dataset() { return datasetNames(); }
std::vector<std::string> imageFit() { return {"pad", "resize"}; }
std::vector<std::string> imageChannels() { return {"auto", "1", "3"}; }
std::vector<std::string> augmentation() { return augmentationNames(); }
std::vector<std::string> augmentationPadding() { return augmentationPaddingNames(); }
std::vector<std::string> model() { return modelNames(); }
std::vector<std::string> distribution() { return distributionNames(); }
std::vector<std::string> initialization() { return initializationNames(); }
std::vector<std::string> method() { return methodNames(); }
std::vector<std::string> pruneSchedule() { return pruneScheduleNames(); }
std::vector<std::string> drop() { return dropNames(); }
std::vector<std::string> grow() { return growNames(); }
std::vector<std::string> updateOrder() { return updateOrderNames(); }
std::vector<std::string> redistribution() { return redistributionNames(); }
std::vector<std::string> pruningScope() { return scopeNames(); }
std::vector<std::string> initialMask() { return initialMaskNames(); }
std::vector<std::string> semantics() { return semanticsNames(); }
std::vector<std::string> learningRateSchedule() { return learningRateScheduleNames(); }
std::vector<std::string> optimizer() { return {kSgd, kAdam}; }

// Engines are registered by programs, and a configuration must mean the same in all of them: the names are fixed.
std::vector<std::string> engine() { return {"auto", "sparse", "masked", "cuda"}; }
std::vector<std::string> precision() { return {kFloat32, kBfloat16}; }

}  // namespace lab::choices
