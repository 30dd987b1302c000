#pragma once
// Changes of masks one after another as one net change.

#include "store/mask_history.h"
#include "topology/topology_update.h"

namespace lab {

/// A single update. What it drops and regrows at once does not change.
HistoryEntry entryOf(const TopologyEvent& event);

/// `next` follows `entry`, which becomes both.
void mergeInto(HistoryEntry& entry, const HistoryEntry& next);

}  // namespace lab
