// The API without a socket: a request in, the response out.
#pragma once

#include <future>
#include <memory>
#include <sstream>
#include <string>

#include "core/api/api.h"
#include "core/store/memory_store.h"
#include "tests/support/drafts.h"

namespace comments::tests {

// The value of a response's header; "" where there is none.
inline std::string header(const net::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

// The same answer with nothing written ahead and nothing shared.
inline net::Response opened(net::Response response) {
  std::istringstream head(response.head ? *response.head : "");
  std::string line;
  std::getline(head, line);  // the status
  while (std::getline(head, line)) {
    line.pop_back();  // the carriage return
    const auto colon = line.find(": ");
    response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  response.body = std::string(response.shared.bytes) + response.body;
  response.head.reset();
  response.shared = {};
  return response;
}

class ApiCalls {
 public:
  explicit ApiCalls(std::unique_ptr<Store> store = make_memory_store(), api::Options options = {})
      : store_(std::move(store)), api_(*store_, readiness, std::move(options), metrics) {
    readiness.set(api::Phase::serving);
  }

  // As the server asks: for a ready answer first.
  net::Response send(const net::Request& request) {
    if (auto ready = api_.ready(request)) {
      return opened(*std::move(ready));
    }
    std::promise<net::Response> promise;
    api_.handle(request, [&](net::Response response) { promise.set_value(std::move(response)); });
    return opened(promise.get_future().get());
  }

  // The answer as the server sends it, and while somebody holds it: without looking for a ready
  // one.
  net::Response begin(std::string_view target, std::vector<net::HeaderView> headers = {}) {
    std::promise<net::Response> promise;
    api_.handle({.method = "GET", .target = target, .headers = std::move(headers)},
                [&](net::Response response) { promise.set_value(std::move(response)); });
    return promise.get_future().get();
  }

  void handle(const net::Request& request, const net::Reply& reply) { api_.handle(request, reply); }

  // Whether the answer needs neither the store nor a thread.
  bool is_ready(std::string_view target, std::vector<net::HeaderView> headers = {}) {
    return api_.ready({.method = "GET", .target = target, .headers = std::move(headers)})
        .has_value();
  }

  net::Response get(std::string_view target, std::vector<net::HeaderView> headers = {}) {
    return send({.method = "GET", .target = target, .headers = std::move(headers)});
  }

  // As an operator asks, on the admin port.
  net::Response admin(std::string_view target, std::vector<net::HeaderView> headers = {}) {
    std::promise<net::Response> promise;
    api_.handle_admin({.method = "GET", .target = target, .headers = std::move(headers)},
                      [&](net::Response response) { promise.set_value(std::move(response)); });
    return promise.get_future().get();
  }

  net::Response post(std::string_view body, std::vector<net::HeaderView> headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    return send({.method = "POST",
                 .target = "/api/comment/new",
                 .headers = std::move(headers),
                 .body = body});
  }

  // One comment in thread 1.
  net::Response say(std::string_view comment, std::vector<net::HeaderView> headers = {}) {
    return post(R"({"email":"a@b","content_id":1,"comment":")" + std::string(comment) + "\"}",
                std::move(headers));
  }

  Store& store() { return *store_; }

  api::Readiness readiness;
  Metrics metrics;

 private:
  std::unique_ptr<Store> store_;
  api::Api api_;
};

}  // namespace comments::tests
