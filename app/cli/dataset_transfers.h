#pragma once
// Downloading and removing data sets, with progress and a word about what happened.

#include "terminal.h"

#include "data/dataset_table.h"

#include <string>

namespace lab::cli {

struct TransferPlace {
  std::string root;    ///< --data-root or ITOPLAB_DATA; empty: the data home
  std::string mirror;  ///< base URL of another server; empty: the catalogue's own
};

/// Returns the exit code: 0, or that of an interrupt. Throws RunError: Data when the program does not know where
/// to get this data set; and as install() does.
int downloadDataset(const DatasetInfo& info, const TransferPlace& place, Loudness loudness);

/// What was downloaded; of image folders only their decoded copies, wherever the images are.
/// Throws RunError: Data when the data set is there but did not come from here; Disk; Locked.
void removeDataset(const DatasetInfo& info, const TransferPlace& place, Loudness loudness);

}  // namespace lab::cli
