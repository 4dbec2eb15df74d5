#include "core/store/measured_store.h"

#include <fmt/format.h>

#include "core/store/memory_store.h"
#include "tests/support/catch.h"
#include "tests/support/drafts.h"
#include "tests/support/forwarding_store.h"

namespace comments::tests {
namespace {

// Fails every call, in the way it is told to.
class FailingStore final : public ForwardingStore {
 public:
  explicit FailingStore(ErrorCode code)
      : ForwardingStore(make_memory_store()), error_{code, "", ""} {}

  void post(Draft, Posted posted) override { posted(error_); }
  Result<Page> list(const ListQuery&) override { return error_; }
  Result<std::vector<std::int64_t>> count(std::span<const ContentId>) override { return error_; }

 private:
  const Error error_;
};

struct Measured {
  explicit Measured(std::unique_ptr<Store> inner) : store(measured(std::move(inner), metrics)) {
    metrics->expose(registry);
  }

  bool shows(std::string_view line) const {
    const auto text = registry.exposition(Metrics::Format::prometheus);
    return text.find("\n" + std::string(line) + "\n") != std::string::npos;
  }

  // Each operation once.
  void use() const {
    store->post(draft("a@b", "hello"), [](const Result<Receipt>&) {});
    (void)store->list({.content_id = *ContentId::parse("1")});
    (void)store->count(std::array{*ContentId::parse("1")});
  }

  std::shared_ptr<StoreMetrics> metrics = std::make_shared<StoreMetrics>();
  Metrics registry;
  std::unique_ptr<Store> store;
};

}  // namespace

TEST_CASE("reads of a store are timed, each operation by itself", "[store]") {
  const Measured measured(make_memory_store());
  measured.use();
  measured.use();
  CHECK(measured.shows(R"(comments_store_read_duration_seconds_count{operation="list"} 2)"));
  CHECK(measured.shows(R"(comments_store_read_duration_seconds_count{operation="count"} 2)"));
  CHECK(measured.shows(R"(comments_store_errors_total{operation="post",kind="unavailable"} 0)"));
}

TEST_CASE("failures of a store are counted by what failed, and how", "[store]") {
  const auto [code, kind] = GENERATE(table<ErrorCode, std::string>({
      {ErrorCode::unavailable, "unavailable"},
      {ErrorCode::overloaded, "overloaded"},
      {ErrorCode::internal, "internal"},
  }));
  const Measured measured(std::make_unique<FailingStore>(code));
  measured.use();
  for (const std::string operation : {"post", "list", "count"}) {
    CHECK(measured.shows(fmt::format(
        "comments_store_errors_total{{operation=\"{}\",kind=\"{}\"}} 1", operation, kind)));
  }
}

TEST_CASE("what whoever asked did wrong is no failure of the store", "[store]") {
  const Measured measured(std::make_unique<FailingStore>(ErrorCode::idempotency_conflict));
  measured.use();
  for (const std::string kind : {"unavailable", "overloaded", "internal"}) {
    CHECK(measured.shows(
        fmt::format("comments_store_errors_total{{operation=\"post\",kind=\"{}\"}} 0", kind)));
  }
}

}  // namespace comments::tests
