#include "core/api/access_log.h"

namespace comments::api {

Severity access_severity(AccessLog policy, const Access& access) {
  if (access.status == 503) {  // it says so itself, and asks to come back
    return Severity::warning;
  }
  if (access.status >= 500) {
    return Severity::error;
  }
  if (access.took > kSlow) {
    return Severity::warning;
  }
  const bool chosen = policy == AccessLog::all || access.traced ||
                      (policy == AccessLog::sample && access.in_sample);
  return chosen ? Severity::info : Severity::debug;
}

}  // namespace comments::api
