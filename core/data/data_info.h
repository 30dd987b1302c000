#pragma once
// What the data of a configuration will be, known before they are read.

#include "data/dataset_table.h"
#include "parameters/config.h"
#include "result.h"

namespace lab {

struct DataInfo {
  Shape shape;  ///< of the images that the network takes
  int64_t classes = 0;
  int64_t trainSamples = 0;
  int64_t validationSamples = 0;
  int64_t testSamples = 0;
};

/// Problems: sizes that the data set does not have, shapes that no image can be given.
Result<DataInfo> dataInfoFor(const Config& config);

struct SplitSizes {
  int64_t train = 0, validation = 0, test = 0;
};

/// How many of a data set's images each split takes. Problems: the configuration asks for more than there are, or
/// leaves nothing to train on.
Result<SplitSizes> splitSizes(const Config& config, int64_t trainImages, int64_t testImages);

/// Channels, height and width of images of shape `from` once fitted to image_size and image_channels.
Result<Shape> fittedShape(const Config& config, Shape from);

/// Pixels a side of the squares that photographs are cut to: image_size, or the row's.
int64_t imageFolderSide(const Config& config, const DatasetInfo& info);

/// "3x32x32": channels, height, width, each from 1 to 1024.
Result<Shape> parseShape(std::string_view text);

}  // namespace lab
