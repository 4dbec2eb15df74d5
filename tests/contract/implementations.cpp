#include "tests/contract/implementations.h"

#include "core/store/sqlite/store.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

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
