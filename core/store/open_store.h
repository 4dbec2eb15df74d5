// From what a person writes after --store to a store.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/store/migrations.h"
#include "core/store/store.h"
#include "core/store/store_metrics.h"

namespace comments {

inline constexpr std::size_t kMinStoreConnections = 3;

struct StoreChoice {
  std::string url;            // sqlite:PATH, memory: or postgres://…
  std::string password = {};  // that a postgres URL leaves out
  // To a PostgreSQL server, at most: one writes, one listens to other instances, the rest read.
  std::size_t connections = 6;
  std::shared_ptr<StoreMetrics> metrics = std::make_shared<StoreMetrics>();
};

// bad_request where the URL is none of these; else as the store opens.
Result<std::unique_ptr<Store>> open_store(const StoreChoice& choice);

// Brings the store's schema up to date, and no more; a store without one is at 0.
Result<SchemaState> migrate_store(const StoreChoice& choice);

}  // namespace comments
