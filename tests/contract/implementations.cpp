#include "tests/contract/implementations.h"

#include "core/store/sqlite/store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/live_service.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

// One object that owns several, the last first to go.
template <class T, class... Kept>
std::shared_ptr<T> keeping_alive(std::unique_ptr<T> object, std::shared_ptr<Kept>... kept) {
  auto* raw = object.release();
  return std::shared_ptr<T>(raw, [kept...](T* last) { delete last; });
}

std::shared_ptr<Timestamp> test_time() {
  return std::make_shared<Timestamp>(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
}

Clock clock_of(const std::shared_ptr<Timestamp>& now) {
  return [now] { return *now; };
}

Subject in_memory() {
  auto now = test_time();
  return {"memory", make_memory_store(clock_of(now)), now};
}

Subject in_sqlite() {
  auto now = test_time();
  auto folder = std::make_shared<TempFolder>();
  auto store = must(open_sqlite_store({.path = folder->file("comments.db")}, clock_of(now)));
  return {"sqlite", keeping_alive<Store>(std::move(store), folder), now};
}

Subject over_http(const Subject& behind) {
  auto store = std::static_pointer_cast<Store>(behind.comments);
  auto service = std::make_shared<LiveService>(std::make_unique<ForwardingStore>(store));
  auto client = service->client();
  return {"http over " + behind.name, keeping_alive<Comments>(std::move(client), service),
          behind.now};
}

}  // namespace

const std::vector<Implementation>& implementations() {
  static const std::vector<Implementation> all{
      {"memory", in_memory},
      {"sqlite", in_sqlite},
      {"http over memory", [] { return over_http(in_memory()); }},
      {"http over sqlite", [] { return over_http(in_sqlite()); }},
  };
  return all;
}

}  // namespace comments::tests
