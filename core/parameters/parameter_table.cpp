#include "parameters/parameter_table.h"

#include "parameters/parameter_rows.h"

#include <vector>

namespace lab {

std::string_view title(Group group) {
  switch (group) {
    case Group::DataAndModel:
      return "Data and model";
    case Group::Sparsity:
      return "Sparsity";
    case Group::Exploration:
      return "Exploration";
    case Group::Training:
      return "Training";
    case Group::Engine:
      return "Engine";
  }
  return "";
}

std::span<const Parameter> parameters() {
  static const std::vector<Parameter> kParameters = [] {
    std::vector<Parameter> rows;
    for (const auto group : {dataRows, sparsityRows, explorationRows, trainingRows, engineRows})
      rows.insert(rows.end(), group().begin(), group().end());
    return rows;
  }();
  return kParameters;
}

}  // namespace lab
