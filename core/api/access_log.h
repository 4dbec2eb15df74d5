// Which requests have a line in the log of their own, and how serious it is.
//
// Failures and slow answers always; of the others, what the operator asks for. Cloud Run logs each
// request itself, so that there a sample is enough.
#pragma once

#include <chrono>
#include <optional>

#include "core/telemetry/log_line.h"

namespace comments::api {

enum class AccessLog {
  errors,  // 5xx, and what took longer than kSlow
  sample,  // these, and one request of kSampledOf
  all,
};

inline constexpr std::chrono::milliseconds kSlow{250};
inline constexpr unsigned kSampledOf = 100;

struct Access {
  int status = 200;
  std::chrono::steady_clock::duration took{};
  bool in_sample = false;
  bool traced = false;  // its caller keeps its trace, and will look for this line
};

// debug: it has a line only where everything has.
Severity access_severity(AccessLog policy, const Access& access);

// Counts this thread's requests, each once. Only the sample needs it.
class AccessSample {
 public:
  // Whether the next request is in the sample.
  static bool is_next() { return since_last + 1 == kSampledOf; }

  // One more request; whether it is in the sample.
  static bool count() {
    since_last = (since_last + 1) % kSampledOf;
    return since_last == 0;
  }

 private:
  inline static thread_local unsigned since_last = 0;
};

}  // namespace comments::api
