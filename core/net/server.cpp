#include "core/net/server.h"

#include <algorithm>
#include <atomic>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "core/net/httplib_bridge.h"

namespace comments::net {
namespace {

// Descriptors that the rest of the process needs: stores, logs, and connections being refused.
constexpr std::size_t kReserve = 512;

// How many connections there is room for, with the limit raised as far as it goes.
std::size_t room_for_connections() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const auto descriptors = static_cast<std::size_t>(limit.rlim_cur);
  return descriptors - std::min(descriptors / 2, kReserve);
}

class EngineServer final : public Server {
 public:
  EngineServer(ServerOptions options, Handler handler, Shortcut shortcut)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        dispatch_([this](const Request& request, const Reply& reply) {
          bridge_.dispatch(request, reply, handler_);
        }),
        shortcut_(std::move(shortcut)) {
    auto& most = options_.reactor.max_connections;
    most = std::min(most, room_for_connections());
  }

  ~EngineServer() override { stop(); }

  Result<void> listen() {
    const auto wanted =
        options_.reactors != 0 ? options_.reactors : std::thread::hardware_concurrency();
    for (std::size_t i = 0; i < std::max<std::size_t>(wanted, 1); ++i) {
      reactors_.push_back(
          std::make_unique<Reactor>(options_.reactor, dispatch_, shortcut_, connections_));
    }
    // Round and round is as good as any other way here.
    auto listening = bridge_.listen(options_.host, options_.port, [this](int socket) {
      reactors_[accepted_++ % reactors_.size()]->adopt(socket);
    });
    if (!listening) {
      return listening.error();
    }
    port_ = *listening;
    return {};
  }

  int port() const override { return port_; }
  std::size_t connections() const override { return connections_; }
  std::size_t max_connections() const override { return options_.reactor.max_connections; }

  Counts counts() const override {
    Counts all;
    for (const auto& reactor : reactors_) {
      all += reactor->counts();
    }
    return all;
  }

  void stop() override {
    bridge_.stop_listening();
    for (const auto& reactor : reactors_) {
      reactor->drain();
    }
    for (const auto& reactor : reactors_) {
      reactor->wait();
    }
  }

 private:
  ServerOptions options_;
  const Handler handler_;
  HttplibBridge bridge_;
  const Handler dispatch_;
  const Shortcut shortcut_;
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<std::size_t> accepted_ = 0;  // so far, by whichever thread
  int port_ = 0;
  std::vector<std::unique_ptr<Reactor>> reactors_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler,
                                              Shortcut shortcut) {
  auto server =
      std::make_unique<EngineServer>(std::move(options), std::move(handler), std::move(shortcut));
  if (auto listening = server->listen(); !listening) {
    return listening.error();
  }
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace comments::net
