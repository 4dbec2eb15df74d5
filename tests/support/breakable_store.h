// A store whose reads fail while the test says so.
#pragma once

#include <atomic>

#include "core/store/memory_store.h"
#include "tests/support/forwarding_store.h"

namespace comments::tests {

class BreakableStore final : public ForwardingStore {
 public:
  BreakableStore() : ForwardingStore(make_memory_store()) {}

  Result<Page> list(const ListQuery& query) override {
    return broken ? failure() : ForwardingStore::list(query);
  }
  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    return broken ? failure() : ForwardingStore::count(content_ids);
  }
  StoreHealth health() const override { return {.reads = !broken, .writes = true}; }

  std::atomic<bool> broken = false;
  std::atomic<int> failures = 0;

 private:
  Error failure() {
    ++failures;
    return {ErrorCode::unavailable, "the store is gone; retry", {}};
  }
};

}  // namespace comments::tests
