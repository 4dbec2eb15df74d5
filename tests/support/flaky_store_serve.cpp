// A service whose store cannot be read one time in twenty, as long as a file named `flaky` stands
// in its folder; no list is kept, so that every request meets the store.
//
// Usage: flaky_store_serve serve [whatever `comments serve` takes: ignored]
#include <atomic>
#include <unistd.h>

#include "core/store/memory_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/serve_store.h"

namespace {

using namespace comments;

class FlakyStore final : public tests::ForwardingStore {
 public:
  FlakyStore() : ForwardingStore(make_memory_store()) {}

  Result<Page> list(const ListQuery& query) override {
    constexpr unsigned kOneIn = 20;
    if (::access("flaky", F_OK) == 0 && ++lists_ % kOneIn == 0) {
      return Error{ErrorCode::unavailable, "the comment store is out of reach; retry shortly", {}};
    }
    return ForwardingStore::list(query);
  }

 private:
  std::atomic<unsigned> lists_ = 0;
};

}  // namespace

int main() {
  const auto logging = start_logging({.format = LogFormat::json});
  FlakyStore store;
  return tests::serve_store(store, {.cache = {.max_bytes = 0}});
}
