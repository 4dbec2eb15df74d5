#include "core/api/health.h"

#include <array>

#include "core/api/responses.h"
#include "core/version.h"
#include "core/wire/bodies.h"

namespace comments::api {
namespace {

// A store that failed to read is asked again: who is not ready gets no reads to notice with.
StoreHealth current_health(Store& store) {
  if (!store.health().reads) {
    if (const auto probe = ContentId::parse("_health")) {
      (void)store.count(std::array{*probe});
    }
  }
  return store.health();
}

std::string_view status_of(Phase phase, StoreHealth store) {
  switch (phase) {
    case Phase::starting:
      return "STARTING";
    case Phase::draining:
      return "DRAINING";
    case Phase::serving:
      break;
  }
  return store.reads && store.writes ? "READY" : "DEGRADED";
}

bool is_well(Phase phase, bool ready, Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::health_startup:
      return phase != Phase::starting;
    case Endpoint::health_ready:
      return ready;
    default:
      return true;
  }
}

}  // namespace

bool is_ready(Phase phase, bool store_reads, bool lists_are_kept) {
  return phase == Phase::serving && (store_reads || lists_are_kept);
}

net::Response health(const Call& call, Phase phase, Endpoint endpoint, bool lists_are_kept) {
  const auto store =
      endpoint == Endpoint::health_ready ? current_health(call.store) : call.store.health();
  auto response = json_response(
      is_well(phase, is_ready(phase, store.reads, lists_are_kept), endpoint) ? 200 : 503,
      health_body({.status = status_of(phase, store),
                   .version = kVersion,
                   .commit = kCommit,
                   .revision_name = call.options.revision_name,
                   .reads = store.reads,
                   .writes = store.writes}));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace comments::api
