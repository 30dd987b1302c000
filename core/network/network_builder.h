#pragma once
// Writes a NetworkSpec operation by operation. Each takes the output of the one before unless from() says
// otherwise, so that chains read as chains. Internal to the network room.

#include "network/network_spec.h"

#include <string>
#include <utility>
#include <vector>

namespace lab {

class NetworkBuilder {
 public:
  NetworkBuilder(std::string name, Shape input) : spec_{std::move(name), input, {}} {}

  /// The operation that comes last: what place() of a branch is kept for.
  int place() const { return next_; }

  /// The next operation takes the output of `place`.
  NetworkBuilder& from(int place) {
    next_ = place;
    return *this;
  }

  NetworkBuilder& linear(std::string name, int64_t outputs, bool bias = true) {
    Op op{OpKind::Linear, std::move(name), {}};
    op.outputs = outputs;
    op.bias = bias;
    return append(std::move(op));
  }

  struct Window {
    int64_t kernel = 1;
    int64_t stride = 1;
    int64_t padding = 0;
  };
  NetworkBuilder& convolution(std::string name, int64_t outputs, Window window, bool bias = false) {
    Op op{OpKind::Conv2d, std::move(name), {}};
    op.outputs = outputs;
    op.bias = bias;
    return append(slide(std::move(op), window));
  }
  NetworkBuilder& maxPool(std::string name, Window window) {
    return append(slide({OpKind::MaxPool, std::move(name), {}}, window));
  }
  NetworkBuilder& batchNorm(std::string name) { return append({OpKind::BatchNorm, std::move(name), {}}); }
  NetworkBuilder& relu(std::string name) { return append({OpKind::ReLU, std::move(name), {}}); }
  NetworkBuilder& globalAvgPool(std::string name) { return append({OpKind::GlobalAvgPool, std::move(name), {}}); }
  NetworkBuilder& flatten(std::string name) { return append({OpKind::Flatten, std::move(name), {}}); }
  NetworkBuilder& add(std::string name, int other) {
    Op op{OpKind::Add, std::move(name), {next_, other}};
    return append(std::move(op));
  }

  NetworkSpec take() { return std::move(spec_); }

 private:
  static Op slide(Op op, Window window) {
    op.kernel = window.kernel;
    op.stride = window.stride;
    op.padding = window.padding;
    return op;
  }

  NetworkBuilder& append(Op op) {
    if (op.inputs.empty()) op.inputs = {next_};
    spec_.ops.push_back(std::move(op));
    next_ = static_cast<int>(spec_.ops.size()) - 1;
    return *this;
  }

  NetworkSpec spec_;
  int next_ = kNetworkInput;
};

}  // namespace lab
