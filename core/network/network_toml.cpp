#include "network/network_toml.h"

#include "parameters/parameter_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

namespace lab {

namespace {

constexpr int64_t kMostOperations = 1000, kMostOutputs = 65536, kLargestWindow = 1024;
constexpr double kMostMacs = 1e15;  // of one sample: beyond any machine, and sums of whole numbers still fit
constexpr int64_t kRequired = -1;   // in place of a value where none is given
constexpr std::string_view kInputName = "input";

/// What a file may say of a kind of operation beside its kind, name and inputs.
struct Kind {
  OpKind kind;
  std::string_view name;
  std::string_view prefix;  ///< of names that are not given
  bool weights = false;     ///< outputs, bias
  bool window = false;      ///< kernel, stride, padding
};

constexpr std::array<Kind, 8> kKinds{{
    {OpKind::Linear, "linear", "fc", true, false},
    {OpKind::Conv2d, "conv2d", "conv", true, true},
    {OpKind::BatchNorm, "batch-norm", "bn"},
    {OpKind::ReLU, "relu", "relu"},
    {OpKind::MaxPool, "max-pool", "pool", false, true},
    {OpKind::GlobalAvgPool, "global-avg-pool", "avgpool"},
    {OpKind::Add, "add", "add"},
    {OpKind::Flatten, "flatten", "flatten"},
}};

const Kind& kindOf(OpKind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.kind == kind; });
}

std::vector<std::string> kindNames() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

std::vector<std::string> keysOf(const Kind& kind) {
  std::vector<std::string> keys{"kind", "name", "inputs"};
  if (kind.weights) keys.insert(keys.end(), {"outputs", "bias"});
  if (kind.window) keys.insert(keys.end(), {"kernel", "stride", "padding"});
  return keys;
}

std::string withSuggestion(std::string message, std::string_view name, const std::vector<std::string>& names) {
  if (const std::string meant = nearest(name, names); !meant.empty())
    message += fmt::format("; did you mean {}?", meant);
  return message;
}

/// Reads the operations of one file and gathers what is wrong with them.
class Reader {
 public:
  Reader(std::string_view where, Shape input, int64_t classes) : where_(where), classes_(classes) {
    spec_.input = input;
  }

  void read(const toml::table& file) {
    const toml::array* ops = nullptr;
    for (const auto& [key, node] : file) {
      if (key == "name" && node.is_string())
        spec_.name = **node.as_string();
      else if (key == "op" && node.is_array())
        ops = node.as_array();
      else
        refuse(node, key.str(),
               fmt::format("'{}' is not possible here: a network has a name (text) and a list op", key.str()));
    }
    if (ops == nullptr || ops->empty() || ops->size() > kMostOperations) {
      refuse(file, "op", fmt::format("a network needs a list op of 1 to {} operations", kMostOperations));
      return;
    }
    for (size_t i = 0; i < ops->size(); ++i) {
      const toml::table* table = (*ops)[i].as_table();
      if (table == nullptr)
        refuse((*ops)[i], "op", "an operation must be a table such as { kind = \"relu\" }");
      else
        readOp(*table, i + 1 == ops->size());
    }
  }

  Result<NetworkSpec> take() {
    if (!problems_.empty()) return problems_;
    return std::move(spec_);
  }

 private:
  void refuse(const toml::node& at, std::string_view key, std::string_view why) {
    problems_.push_back({std::string(key), fmt::format("{} line {}: {}", where_, at.source().begin.line, why)});
  }

  void readOp(const toml::table& table, bool last) {
    const Kind* kind = readKind(table);
    if (kind == nullptr) return;
    for (const auto& [key, node] : table)
      if (const auto keys = keysOf(*kind); std::find(keys.begin(), keys.end(), key.str()) == keys.end())
        refuse(node, key.str(),
               withSuggestion(fmt::format("'{}' is no key of {}", key.str(), kind->name), key.str(), keys));
    Op op{kind->kind, {}, {}};
    readName(table, *kind, op);
    readInputs(table, op);
    if (kind->weights) readWeights(table, last, op);
    if (kind->window) readWindow(table, op);
    spec_.ops.push_back(std::move(op));
    places_.emplace(spec_.ops.back().name, static_cast<int>(spec_.ops.size()) - 1);
  }

  const Kind* readKind(const toml::table& table) {
    const auto given = table["kind"].value<std::string>();
    const auto row = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.name == given; });
    if (row != kKinds.end()) return &*row;
    const std::string allowed = fmt::format("one of {}", fmt::join(kindNames(), ", "));
    if (!given)
      refuse(table, "kind", fmt::format("an operation needs a kind: {}", allowed));
    else
      refuse(table, "kind",
             withSuggestion(fmt::format("kind '{}' is unknown: it must be {}", *given, allowed), *given,
                            kindNames()));
    return nullptr;
  }

  void readName(const toml::table& table, const Kind& kind, Op& op) {
    op.name = fmt::format("{}{}", kind.prefix, ++counts_[kind.kind]);
    if (const toml::node* node = table.get("name")) {
      if (!node->is_string() || node->as_string()->get().empty())
        return refuse(*node, "name", "name must be text");
      op.name = node->as_string()->get();
    }
    if (op.name == kInputName || places_.contains(op.name))
      refuse(table, "name", fmt::format("name '{}' is taken: each operation needs its own", op.name));
  }

  void readInputs(const toml::table& table, Op& op) {
    const toml::node* node = table.get("inputs");
    if (node == nullptr) {
      op.inputs = {static_cast<int>(spec_.ops.size()) - 1};
      return;
    }
    const toml::array* names = node->as_array();
    if (names == nullptr || names->empty())
      return refuse(*node, "inputs", "inputs must be a list of names such as [\"conv1\"]");
    for (const toml::node& name : *names) {
      const std::string text = name.value_or(std::string());
      const auto place = places_.find(text);
      if (text == kInputName)
        op.inputs.push_back(kNetworkInput);
      else if (place != places_.end())
        op.inputs.push_back(place->second);
      else
        refuse(name, "inputs",
               withSuggestion(fmt::format("input '{}' of {} is no operation before it", text, op.name), text,
                              namesSoFar()));
    }
  }

  std::vector<std::string> namesSoFar() const {
    std::vector<std::string> names{std::string(kInputName)};
    for (const Op& op : spec_.ops) names.push_back(op.name);
    return names;
  }

  void readWeights(const toml::table& table, bool last, Op& op) {
    const int64_t classes = last && op.kind == OpKind::Linear ? classes_ : kRequired;
    op.outputs = number(table, op, "outputs", classes, 1, kMostOutputs);
    op.bias = true;
    if (const toml::node* node = table.get("bias")) {
      if (!node->is_boolean()) return refuse(*node, "bias", "bias must be true or false");
      op.bias = node->as_boolean()->get();
    }
  }

  void readWindow(const toml::table& table, Op& op) {
    const bool pool = op.kind == OpKind::MaxPool;
    op.kernel = number(table, op, "kernel", pool ? kRequired : 1, 1, kLargestWindow);
    op.stride = number(table, op, "stride", pool ? op.kernel : 1, 1, kLargestWindow);
    op.padding = number(table, op, "padding", 0, 0, kLargestWindow);
  }

  int64_t number(const toml::table& table, const Op& op, std::string_view key, int64_t otherwise, int64_t smallest,
                 int64_t largest) {
    const toml::node* node = table.get(key);
    if (node == nullptr && otherwise != kRequired) return otherwise;
    const int64_t value = node != nullptr && node->is_integer() ? node->as_integer()->get() : smallest - 1;
    if (value >= smallest && value <= largest) return value;
    refuse(node == nullptr ? table : *node, key,
           fmt::format("{} of {} must be a whole number from {} to {}", key, op.name, smallest, largest));
    return smallest;
  }

  std::string_view where_;
  int64_t classes_;
  NetworkSpec spec_;
  std::map<std::string, int, std::less<>> places_;
  std::map<OpKind, int> counts_;
  Problems problems_;
};

/// What is wrong with a network as a whole.
Problems misfits(const NetworkSpec& spec, std::string_view where, int64_t classes) {
  const auto refuse = [&](std::string_view why) { return Problems{{"model", fmt::format("{}: {}", where, why)}}; };
  const auto shapes = inferShapes(spec);
  if (!shapes) return refuse(describe(shapes.problems()));
  double macsOfAll = 0;
  for (size_t i = 0; i < spec.ops.size(); ++i) {
    const Op& op = spec.ops[i];
    const auto place = op.inputs[0];
    const Shape& in = place == kNetworkInput ? spec.input : shapes.value()[static_cast<size_t>(place)];
    const auto values = [](const Shape& shape) {
      return static_cast<double>(shape.channels) * static_cast<double>(shape.height) *
             static_cast<double>(shape.width);
    };
    const double each = op.kind == OpKind::Linear || op.kind == OpKind::Conv2d
                            ? static_cast<double>(in.channels * op.kernel) * static_cast<double>(op.kernel)
                            : 1;
    macsOfAll += each * values(shapes.value()[i]);
    if (!(macsOfAll < kMostMacs)) return refuse(fmt::format("operation {} is too large to compute", op.name));
  }
  if (weightLayers(spec).empty()) return refuse("there is no linear layer and no convolution to train");
  const Shape& out = shapes.value().back();
  if (out != Shape{classes, 1, 1})
    return refuse(fmt::format("operation {} comes last and gives {} × {} × {} values; the data have {} classes",
                              spec.ops.back().name, out.channels, out.height, out.width, classes));
  return {};
}

}  // namespace

bool isNetworkFile(std::string_view model) { return model.ends_with(kNetworkFileSuffix); }

Result<NetworkSpec> parseNetwork(std::string_view text, std::string_view where, Shape input, int64_t classes) {
  try {
    Reader reader(where, input, classes);
    reader.read(toml::parse(text));
    auto spec = reader.take();
    if (!spec) return spec;
    if (Problems problems = misfits(spec.value(), where, classes); !problems.empty()) return problems;
    return spec;
  } catch (const toml::parse_error& error) {
    return Problem{std::string(where),
                   fmt::format("{} line {}: {}", where, error.source().begin.line, error.description())};
  }
}

Result<NetworkSpec> readNetwork(const std::filesystem::path& file, Shape input, int64_t classes) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad() || std::filesystem::is_directory(file))
    return Problem{"model", fmt::format("the network file {} cannot be read", file.string())};
  auto spec = parseNetwork(text, file.string(), input, classes);
  if (spec && spec.value().name.empty()) spec.value().name = file.stem().string();
  return spec;
}

std::string toToml(const NetworkSpec& network) {
  toml::array ops;
  for (const Op& op : network.ops) {
    const Kind& kind = kindOf(op.kind);
    toml::array inputs;
    for (const int input : op.inputs)
      inputs.push_back(input == kNetworkInput ? std::string(kInputName)
                                              : network.ops[static_cast<size_t>(input)].name);
    toml::table table{{"kind", kind.name}, {"name", op.name}, {"inputs", std::move(inputs)}};
    if (kind.weights) {
      table.insert("outputs", op.outputs);
      table.insert("bias", op.bias);
    }
    if (kind.window) {
      table.insert("kernel", op.kernel);
      table.insert("stride", op.stride);
      table.insert("padding", op.padding);
    }
    table.is_inline(true);
    ops.push_back(std::move(table));
  }
  std::ostringstream text;
  text << toml::table{{"name", network.name}, {"op", std::move(ops)}} << '\n';
  return text.str();
}

}  // namespace lab
