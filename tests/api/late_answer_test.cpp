// A store that answers a post only when the service around it has gone: where the drain's limit is
// shorter than what the disk or the database takes.
#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "core/api/api.h"
#include "core/net/server.h"
#include "core/store/memory_store.h"
#include "tests/support/api_calls.h"
#include "tests/support/catch.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/raw_http.h"

namespace comments::tests {
namespace {

// Keeps one post until it is asked for.
class HoldingStore final : public ForwardingStore {
 public:
  HoldingStore() : ForwardingStore(make_memory_store()) {}

  void post(Draft draft, Posted posted) override {
    ForwardingStore::post(std::move(draft), [this, posted](const Result<Receipt>& receipt) {
      held_.set_value([posted, receipt] { posted(receipt); });
    });
  }

  std::function<void()> held() { return held_.get_future().get(); }

 private:
  std::promise<std::function<void()>> held_;
};

// An Api whose memory is overwritten when it is gone: who still uses it then is found out
// everywhere, not only under a sanitizer.
class BriefApi {
 public:
  explicit BriefApi(Store& store) {
    api_ = new (place_.data())
        api::Api(store, readiness_, {.cors_origins = {"https://news.example"}}, metrics_);
  }
  ~BriefApi() { end(); }
  BriefApi(const BriefApi&) = delete;
  BriefApi& operator=(const BriefApi&) = delete;

  api::Api& operator*() { return *api_; }

  void end() {
    if (api_ != nullptr) {
      std::exchange(api_, nullptr)->~Api();
      place_.fill(std::byte{});
    }
  }

  // Whether nobody has written there since.
  bool is_untouched() const { return place_ == Place{}; }

 private:
  using Place = std::array<std::byte, sizeof(api::Api)>;

  alignas(api::Api) Place place_{};
  api::Readiness readiness_;
  Metrics metrics_;
  api::Api* api_ = nullptr;
};

constexpr std::string_view kBody = R"({"content_id":1,"email":"a@b","comment":"late"})";

}  // namespace

TEST_CASE("a post that the store answers when the Api is gone is answered as any other", "[api]") {
  HoldingStore store;
  BriefApi api(store);
  std::promise<net::Response> answer;
  (*api).handle(
      {.method = "POST",
       .target = "/api/comment/new",
       .headers = {{"Content-Type", "application/json"}, {"Origin", "https://news.example"}},
       .body = kBody},
      [&](net::Response response) { answer.set_value(std::move(response)); });
  const auto held = store.held();
  api.end();
  held();
  const auto response = answer.get_future().get();
  CHECK(response.status == 200);
  CHECK(header(response, "Location") == "/api/comment/list/1/1");
  CHECK(header(response, "Access-Control-Allow-Origin") == "https://news.example");
  CHECK(api.is_untouched());
}

TEST_CASE("a post that the store answers when server and Api are gone is stored, and that is all",
          "[api][net]") {
  HoldingStore store;
  BriefApi api(store);
  auto server = must(
      net::Server::start({.reactors = 1, .reactor = {.drain_limit = std::chrono::milliseconds(1)}},
                         [&](const net::Request& request, const net::Reply& reply) {
                           (*api).handle(request, reply);
                         }));
  RawConnection client(server->port());
  client.send(
      "POST /api/comment/new HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Content-Length: " +
      std::to_string(kBody.size()) + "\r\n\r\n" + std::string(kBody));
  const auto held = store.held();
  server.reset();
  api.end();
  CHECK(client.read_all().empty());
  held();
  CHECK(api.is_untouched());
  CHECK(must(store.list(query("1"))).total == 1);
}

}  // namespace comments::tests
