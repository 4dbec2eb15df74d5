// A release with a fault: the service over its real store, whose lists fail, are slow, or end the
// process, as the environment says. What its metrics show has happened.
//
//   TROUBLE_ERRORS=20     one list in twenty cannot be read: 503
//   TROUBLE_DELAY_MS=150  every list takes that much longer
//   TROUBLE_LOG=ya29.x    and for each of these a line that has this as a token
//   TROUBLE_CRASH=300     the process ends without a word at the list of that number
//
// Otherwise it takes of `comments serve` what Cloud Run gives it: PORT, K_REVISION, COMMENTS_STORE
// and COMMENTS_ADMIN_PORT; it listens on loopback. No list is kept, so that every request meets the
// store.
//
// Usage: troubled_serve serve
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "core/api/api.h"
#include "core/net/server.h"
#include "core/store/open_store.h"
#include "core/telemetry/log.h"
#include "tests/support/forwarding_store.h"

namespace {

using namespace comments;

std::string text_of(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

// 0 where it is not given.
unsigned number_of(const char* variable) {
  return static_cast<unsigned>(std::strtoul(text_of(variable).c_str(), nullptr, 10));
}

class TroubledStore final : public tests::ForwardingStore {
 public:
  explicit TroubledStore(std::shared_ptr<Store> inner) : ForwardingStore(std::move(inner)) {}

  Result<Page> list(const ListQuery& query) override {
    const auto number = ++lists_;
    if (number == crash_at_) {
      std::_Exit(139);
    }
    std::this_thread::sleep_for(delay_);
    if (errors_ != 0 && number % errors_ == 0) {
      if (!log_.empty()) {
        std::cerr << "cannot log in with token " + log_ + "\n";
      }
      return Error{ErrorCode::unavailable, "the comment store is out of reach; retry shortly", {}};
    }
    return ForwardingStore::list(query);
  }

 private:
  const unsigned errors_ = number_of("TROUBLE_ERRORS");
  const std::string log_ = text_of("TROUBLE_LOG");
  const unsigned crash_at_ = number_of("TROUBLE_CRASH");
  const std::chrono::milliseconds delay_{number_of("TROUBLE_DELAY_MS")};
  std::atomic<unsigned> lists_ = 0;
};

}  // namespace

int main() {
  constexpr std::size_t kReaders = 64;  // slow, and not short of hands
  const auto logging = start_logging({.format = LogFormat::json});
  auto inner = open_store({.url = text_of("COMMENTS_STORE")});
  if (!inner) {
    std::cerr << "troubled_serve: " << inner.error().message << '\n';
    return 1;
  }
  TroubledStore store(*std::move(inner));
  api::Readiness readiness;
  Metrics metrics;
  api::Api api(
      store, readiness,
      {.revision_name = text_of("K_REVISION"), .cache = {.max_bytes = 0}, .readers = kReaders},
      metrics);
  auto server = net::Server::start(
      {.port = static_cast<int>(number_of("PORT"))},
      [&](const net::Request& request, const net::Reply& reply) { api.handle(request, reply); },
      [&](const net::Request& request) { return api.ready(request); });
  auto admin = net::Server::start(
      {.port = static_cast<int>(number_of("COMMENTS_ADMIN_PORT")), .reactors = 1},
      [&](const net::Request& request, const net::Reply& reply) {
        api.handle_admin(request, reply);
      });
  if (!server || !admin) {
    std::cerr << "troubled_serve: " << (server ? admin : server).error().message << '\n';
    return 1;
  }
  readiness.set(api::Phase::serving);
  log(Severity::info, "serving", {{"url", fmt::format("http://localhost:{}", (*server)->port())}});
  ::pause();
  return 0;
}
