// The HTTP API over a store: api.md of the contract, as one net::Handler.
//
// Requests are parsed here, answered by Comments, and encoded by core/wire; nothing else happens.
// Safe for concurrent use. The store must outlive the Api, and the Api the server that calls it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

#include "core/api/readiness.h"
#include "core/net/http.h"
#include "core/net/workers.h"
#include "core/store/store.h"
#include "core/wire/view.h"

namespace comments::api {

struct Call;
class Feeds;
enum class Endpoint;

struct Options {
  EmailVisibility emails = EmailVisibility::raw;
  std::string cache_control = "public, max-age=0, s-maxage=1, stale-while-revalidate=5";
  std::string revision_name = "local";  // which deployment this is, for /health
};

// A list longer than this is built outside the usual bounds of memory and time: only
// kMaxLongLists of them at once, 503 beyond.
inline constexpr std::int64_t kLongList = 20'000;
inline constexpr int kMaxLongLists = 2;

// Threads that read the store, and how many reads may wait for one: further ones are refused.
inline constexpr std::size_t kReaders = 4;
inline constexpr std::size_t kMaxWaitingReads = 4'096;

class Api {
 public:
  // Observes the store.
  Api(Store& store, Readiness& readiness, Options options);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  void handle(const net::Request& request, const net::Reply& reply);

  // What operators see, on a port of their own: health alone, for now.
  void handle_admin(const net::Request& request, const net::Reply& reply);

 private:
  enum class Audience { readers, operators };

  void dispatch(const net::Request& request, const net::Reply& reply, Audience audience);
  void read(Endpoint endpoint, Call call, const net::Reply& reply);

  Store& store_;
  Readiness& readiness_;
  const Options options_;
  const std::unique_ptr<Feeds> feeds_;
  std::atomic<int> long_lists_ = 0;
  net::Workers readers_{kReaders, kMaxWaitingReads};
};

}  // namespace comments::api
