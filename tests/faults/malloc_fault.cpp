#include "tests/faults/malloc_fault.h"

#include <atomic>

#include <sqlite3.h>

namespace {

// SQLite calls these without a context, so their state has static storage.
struct State {
  sqlite3_mem_methods original{};
  MallocFault fault;
  std::atomic<bool> armed = false;
  std::atomic<long> calls = 0;
  std::atomic<long> failed = 0;

  bool strikes() {
    if (fault.nth == 0 || !armed) {
      return false;
    }
    const auto call = ++calls;
    const bool struck = call >= fault.nth && (fault.times == 0 || call < fault.nth + fault.times);
    failed += struck ? 1 : 0;
    return struck;
  }
};

State state;

void* failing_malloc(int size) {
  return state.strikes() ? nullptr : state.original.xMalloc(size);
}

void* failing_realloc(void* memory, int size) {
  return state.strikes() ? nullptr : state.original.xRealloc(memory, size);
}

}  // namespace

bool install(const MallocFault& fault) {
  state.fault = fault;
  state.armed = !fault.when_open;
  if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &state.original) != SQLITE_OK) {
    return false;
  }
  auto methods = state.original;
  methods.xMalloc = failing_malloc;
  methods.xRealloc = failing_realloc;
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK;
}

void arm_malloc_fault() {
  state.armed = true;
}

MallocCalls malloc_fault_calls() {
  return {.made = state.calls, .failed = state.failed};
}
