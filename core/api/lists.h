// GET /api/comment/list/{content_id}: from the cache at once, or from the store a little later.
#pragma once

#include <optional>

#include "core/api/call.h"
#include "core/api/list_cache.h"
#include "core/api/list_reader.h"
#include "core/api/room.h"
#include "core/net/workers.h"
#include "core/telemetry/metrics.h"

namespace comments::api {

// Safe for concurrent use; what the constructor takes must outlive it, and what it has begun.
class Lists {
 public:
  Lists(Store& store, const Options& options, net::Workers& readers, Room& room);

  // The answer, where it is ready; `target` is that of a list.
  std::optional<net::Response> ready(const net::Target& target, const net::Request& request);

  // Replies when the list is there, on any thread.
  void answer(const Call& call, net::Reply reply);

  void on_commit(const Committed& committed);

  // Whether some list could be answered without the store.
  bool keeps_any() const { return cache_.bytes() > 0; }

  void expose(Metrics& metrics) const;

 private:
  using Landing = std::function<void(const Result<SharedList>&)>;

  void fetch(const ListRequest& request, bool gzip, std::int64_t seen,
             ListCache::Passenger passenger);
  void fly(const ListRequest& request, bool gzip, const std::shared_ptr<ListCache::Flight>& flight);
  void make(const ListRequest& request, bool gzip, const ListCache::Flight& flight,
            const Landing& land);

  const Options& options_;
  Room& room_;
  net::Workers& readers_;
  ListReader reader_;
  ListCache cache_;
  Counter hits_;
  Counter misses_;
};

}  // namespace comments::api
