// A whole service in this process: a store, the API, a server on a port of the kernel's choice.
#pragma once

#include <memory>
#include <string>

#include "core/api/api.h"
#include "core/client/http_comments.h"
#include "core/net/server.h"
#include "core/store/memory_store.h"
#include "tests/support/drafts.h"

namespace comments::tests {

class LiveService {
 public:
  explicit LiveService(std::unique_ptr<Store> store = make_memory_store(),
                       api::Options options = {})
      : store_(std::move(store)), api_(*store_, readiness_, std::move(options), metrics_) {
    readiness_.set(api::Phase::serving);
    server_ = must(net::Server::start({.reactors = 2},
                                      [this](const net::Request& request, const net::Reply& reply) {
                                        api_.handle(request, reply);
                                      }));
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  int port() const { return server_->port(); }
  Store& store() { return *store_; }

  std::unique_ptr<Comments> client() const {
    return make_http_comments({.url = must(parse_service_url(url()))});
  }

 private:
  std::unique_ptr<Store> store_;
  api::Readiness readiness_;
  Metrics metrics_;
  api::Api api_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace comments::tests
