#include "core/ops/service_status.h"

namespace comments::ops {

Verdict verdict_of(const Health& health, int http_status) {
  return health.status == "READY" && http_status == 200 ? Verdict::ready : Verdict::degraded;
}

}  // namespace comments::ops
