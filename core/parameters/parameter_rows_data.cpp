#include "parameters/parameter_rows.h"

#include "parameters/choices.h"

#include <array>

namespace lab {

namespace {

constexpr Group kData = Group::DataAndModel;

constexpr std::array kRows{
    Parameter{.key = "dataset",
              .label = "Data set",
              .unit = "",
              .help =
                  "The images to classify; the last 5,000 training images are the validation set. Fashion-MNIST "
                  "shows the effect of exploration in seconds; MNIST is easier and shows less.",
              .group = kData,
              .member = &Config::dataset,
              .choices = choices::dataset},
    Parameter{.key = "model",
              .label = "Model",
              .unit = "",
              .help =
                  "The network. Every linear and convolution weight can be sparse, first and last layer included; "
                  "biases never are.",
              .group = kData,
              .member = &Config::model,
              .choices = choices::model},
    Parameter{
        .key = "hidden_widths",
        .label = "Hidden widths",
        .unit = "units",
        .help = "Units of each hidden layer of the model mlp, separated by commas: 1024,512 is the paper's MLP.",
        .group = kData,
        .member = &Config::hidden_widths},
};

}  // namespace

std::span<const Parameter> dataRows() { return kRows; }

}  // namespace lab
