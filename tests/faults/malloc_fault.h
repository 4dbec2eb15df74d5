// SQLite's memory, the n-th allocation of which fails. SQLite has one memory a process, and so is
// this.
#pragma once

struct MallocFault {
  long nth = 0;            // 0: none
  long times = 1;          // from there on; 0: every later one
  bool when_open = false;  // count only from arm_malloc_fault() on
};

// Before anything else uses SQLite; false where SQLite refuses.
bool install(const MallocFault& fault);

void arm_malloc_fault();

struct MallocCalls {
  long made = 0;
  long failed = 0;
};

MallocCalls malloc_fault_calls();
