#include "engines.h"

#include "engines/cuda_plugin.h"
#include "engines/sparse/sparse_engine.h"

#ifdef LAB_MASKED
#include "engines/masked/masked_engine.h"
#include "engines/masked/saliency.h"
#endif

namespace lab {

EngineRegistry makeEngines() {
  EngineRegistry engines;
  engines.add(sparseEngine());
  engines.add(cudaEngine());
#ifdef LAB_MASKED
  engines.add(maskedEngine());
  engines.setScorer(maskedSaliency());
#endif
  return engines;
}

}  // namespace lab
