// Any store, with its reads timed and its failures counted.
#pragma once

#include <memory>

#include "core/store/store.h"
#include "core/store/store_metrics.h"

namespace comments {

std::unique_ptr<Store> measured(std::unique_ptr<Store> store,
                                std::shared_ptr<StoreMetrics> metrics);

}  // namespace comments
