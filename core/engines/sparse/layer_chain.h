#pragma once
// A network seen as what this engine can train: linear layers one after the other, with or without a ReLU behind.

#include "network/network_spec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lab::sparse {

struct LinearShape {
  int64_t rows = 0;     ///< outputs
  int64_t columns = 0;  ///< inputs
  bool bias = false;
  bool relu = false;
};

struct LayerChain {
  std::vector<LinearShape> layers;
  std::string problem;  ///< why the network is no such chain; empty when it is
};

LayerChain layerChain(const NetworkSpec& network);

}  // namespace lab::sparse
