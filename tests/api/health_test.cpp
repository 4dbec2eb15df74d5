#include "tests/support/api_calls.h"
#include "tests/support/breakable_store.h"
#include "tests/support/catch.h"

namespace comments::tests {
namespace {

// A store whose health is in the test's hand; a count makes reads well again if `heals`.
class PatientStore final : public Store {
 public:
  explicit PatientStore(StoreHealth health, bool heals = false) : health_(health), heals_(heals) {}
  void post(Draft, Posted posted) override { posted(Receipt{}); }
  Result<Page> list(const ListQuery&) override { return Page{}; }
  Result<std::vector<std::int64_t>> count(std::span<const ContentId> ids) override {
    health_.reads = health_.reads || heals_;
    return std::vector<std::int64_t>(ids.size());
  }
  void observe(Observer) override {}
  std::uint64_t id() const override { return 1; }
  StoreHealth health() const override { return health_; }

 private:
  StoreHealth health_;
  bool heals_;
};

// "200 READY": the answer to a health check.
std::string health(ApiCalls& api, std::string_view which) {
  const auto response = api.get("/health/" + std::string(which));
  const std::string key = "\"status\":\"";
  const auto from = response.body.find(key) + key.size();
  return std::to_string(response.status) + " " +
         response.body.substr(from, response.body.find('"', from) - from);
}

}  // namespace

TEST_CASE("a process is live while it runs, started once it serves, ready until it drains",
          "[api]") {
  ApiCalls api;
  api.readiness.set(api::Phase::starting);
  CHECK(health(api, "live") == "200 STARTING");
  CHECK(health(api, "startup") == "503 STARTING");
  CHECK(health(api, "ready") == "503 STARTING");
  api.readiness.set(api::Phase::serving);
  CHECK(health(api, "startup") == "200 READY");
  CHECK(health(api, "ready") == "200 READY");
  api.readiness.set(api::Phase::draining);
  CHECK(health(api, "live") == "200 DRAINING");
  CHECK(health(api, "ready") == "503 DRAINING");
}

TEST_CASE("a store that cannot write does not take the readers off the air", "[api]") {
  ApiCalls api(std::make_unique<PatientStore>(StoreHealth{.reads = true, .writes = false}));
  CHECK(health(api, "ready") == "200 DEGRADED");
  CHECK(api.get("/health/ready").body.find("\"writes\":false") != std::string::npos);
}

TEST_CASE("a store that cannot read is not ready, until it can again", "[api]") {
  ApiCalls sick(std::make_unique<PatientStore>(StoreHealth{.reads = false, .writes = true}));
  CHECK(health(sick, "ready") == "503 DEGRADED");
  CHECK(health(sick, "live") == "200 DEGRADED");
  ApiCalls healing(
      std::make_unique<PatientStore>(StoreHealth{.reads = false, .writes = true}, true));
  CHECK(health(healing, "ready") == "200 READY");
}

TEST_CASE("who can still answer from memory is ready, and says that the store does not read",
          "[api]") {
  auto breakable = std::make_unique<BreakableStore>();
  auto& broken = breakable->broken;
  ApiCalls api(std::move(breakable));
  broken = true;
  CHECK(health(api, "ready") == "503 DEGRADED");
  broken = false;
  api.say("one");
  (void)api.get("/api/comment/list/1");
  broken = true;
  CHECK(health(api, "ready") == "200 DEGRADED");
  CHECK(api.get("/health/ready").body.find("\"reads\":false") != std::string::npos);
  api.readiness.set(api::Phase::draining);
  CHECK(health(api, "ready") == "503 DRAINING");
}

TEST_CASE("health is never cached", "[api]") {
  ApiCalls api;
  CHECK(header(api.get("/health/ready"), "Cache-Control") == "no-store");
}

}  // namespace comments::tests
