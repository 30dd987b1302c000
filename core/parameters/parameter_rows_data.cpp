#include "parameters/parameter_rows.h"

#include "parameters/choices.h"

#include <array>

namespace lab {

namespace {

constexpr Group kData = Group::DataAndModel;

constexpr std::array kRows{
    Parameter{
        .key = "dataset",
        .label = "Data set",
        .unit = "",
        .help =
            "The images to classify. Fashion-MNIST shows the effect of exploration in seconds; MNIST is easier "
            "and shows less; CIFAR is the paper's, and ImageNet; image-folder takes photographs of your own (train/CLASS/*.jpg, "
            "val/CLASS/*.jpg); synthetic is made on the spot, of any shape.",
        .group = kData,
        .member = &Config::dataset,
        .choices = choices::dataset},
    Parameter{.key = "train_samples",
              .label = "Training images",
              .unit = "images",
              .help =
                  "Trains on so many images, the first ones of each class and as many of each; 0: on all of them "
                  "but the validation set (synthetic: 10,000).",
              .group = kData,
              .member = &Config::train_samples,
              .maximum = 1e8},
    Parameter{
        .key = "validation_samples",
        .label = "Validation images",
        .unit = "images",
        .help = "The last ones of the training images, on which nothing is trained; 0: the run has no validation "
                "accuracy.",
        .group = kData,
        .member = &Config::validation_samples,
        .maximum = 1e8},
    Parameter{
        .key = "test_samples",
        .label = "Test images",
        .unit = "images",
        .help = "Tests on so many images, the first ones of each class and as many of each; 0: on all (synthetic: "
                "2,000). Fewer make evaluations of large networks quicker and rougher.",
        .group = kData,
        .member = &Config::test_samples,
        .maximum = 1e8},
    Parameter{.key = "image_size",
              .label = "Image size",
              .unit = "pixels",
              .help =
                  "Side of the square images that the network takes; 0: as they come, of photographs 224. 32 makes "
                  "Fashion-MNIST fit networks made for CIFAR.",
              .group = kData,
              .member = &Config::image_size,
              .maximum = 1024},
    Parameter{
        .key = "image_fit",
        .label = "Image fit",
        .unit = "",
        .help = "How images get their size. pad: in the middle of a black square. resize: by the mean over areas "
                "where they shrink, bilinear where they grow.",
        .group = kData,
        .member = &Config::image_fit,
        .choices = choices::imageFit},
    Parameter{.key = "image_channels",
              .label = "Image channels",
              .unit = "",
              .help =
                  "Channels of the images that the network takes; auto: as they come. 3 repeats grey images, 1 "
                  "takes the luma of colour images (ITU-R BT.601).",
              .group = kData,
              .member = &Config::image_channels,
              .choices = choices::imageChannels},
    Parameter{.key = "augmentation",
              .label = "Augmentation",
              .unit = "",
              .help = "Random changes to the training images, new in every epoch. crop: shifted by up to 4 pixels; flip: "
                      "mirrored left to right; resized-crop-flip: a part of 8 to 100 % of the area, at full size, as is "
                      "usual for ImageNet.",
              .group = kData,
              .member = &Config::augmentation,
              .choices = choices::augmentation},
    Parameter{.key = "augmentation_padding",
              .label = "Crop padding",
              .unit = "",
              .help = "What a shifted image shows beyond its edges: its mirror image (ITOP on CIFAR-10) or black (on "
                      "CIFAR-100).",
              .group = kData,
              .member = &Config::augmentation_padding,
              .choices = choices::augmentationPadding},
    Parameter{
        .key = "synthetic_shape",
        .label = "Synthetic shape",
        .unit = "",
        .help = "Channels, height and width of the data set synthetic: 3x32x32 are images like those of CIFAR.",
        .group = kData,
        .member = &Config::synthetic_shape},
    Parameter{.key = "synthetic_classes",
              .label = "Synthetic classes",
              .unit = "",
              .help = "Number of classes of the data set synthetic, each with a prototype of its own under noise.",
              .group = kData,
              .member = &Config::synthetic_classes,
              .minimum = 2,
              .maximum = 10000,
              .scale = Scale::Logarithmic},
    Parameter{.key = "model",
              .label = "Model",
              .unit = "",
              .help =
                  "The network. Every linear and convolution weight can be sparse, first and last layer included; "
                  "biases and batch norms never are. A file describes a network of your own, operation by operation.",
              .group = kData,
              .member = &Config::model,
              .choices = choices::model,
              .fileSuffix = ".toml"},
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
