// The HTTP API over a store: api.md of the contract, as one net::Handler.
//
// Requests are parsed here, answered by Comments, and encoded by core/wire; nothing else happens.
// Safe for concurrent use. The store must outlive the Api, and the Api the server that calls it. A
// post that the store answers only when the Api is gone is still answered: its Reply is called.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "core/api/answering.h"
#include "core/api/options.h"
#include "core/api/post_limits.h"
#include "core/api/readiness.h"
#include "core/api/room.h"
#include "core/api/stream_metrics.h"
#include "core/net/http.h"
#include "core/net/workers.h"
#include "core/store/store.h"

namespace comments::api {

struct Call;
class FeedKeeper;
class Feeds;
class Lists;
enum class Endpoint;

// How many reads may wait for a thread that reads the store: further ones are refused.
inline constexpr std::size_t kMaxWaitingReads = 4'096;

class Api {
 public:
  // Observes the store. `metrics` is what operators see of this and of others; it must not be asked
  // after this object is gone.
  Api(Store& store, Readiness& readiness, Options options, Metrics& metrics);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  void handle(const net::Request& request, const net::Reply& reply);

  // The same answer, where it is ready in memory: a net::Shortcut.
  std::optional<net::Response> ready(const net::Request& request);

  // What operators see, on a port of their own: health and metrics.
  void handle_admin(const net::Request& request, const net::Reply& reply);

 private:
  enum class Audience { readers, operators };

  void dispatch(const net::Request& request, const net::Reply& reply, Audience audience);
  void read(Endpoint endpoint, Call call, const net::Reply& reply);
  bool is_logged_anyway() const;
  static bool is_for(Audience audience, Endpoint endpoint);
  net::Response exposition(std::string_view accept) const;
  void expose();

  Store& store_;
  Readiness& readiness_;
  const Options options_;
  const std::shared_ptr<Answering> answering_;
  Metrics& metrics_;
  StreamMetrics stream_metrics_;
  PostLimits post_limits_;
  Room room_;
  const std::unique_ptr<Feeds> feeds_;
  const std::unique_ptr<FeedKeeper> feed_keeper_;
  const std::unique_ptr<Lists> lists_;
  net::Workers readers_{options_.readers, kMaxWaitingReads};
};

}  // namespace comments::api
