#include "core/store/postgres/store.h"

#include <fmt/format.h>

#include "core/store/lease_pool.h"
#include "core/store/postgres/news.h"
#include "core/store/postgres/reader.h"
#include "core/store/postgres/schema.h"
#include "core/store/postgres/writer.h"
#include "core/version.h"

namespace comments {
namespace {

using postgres::Failure;
using postgres::Reader;
using postgres::Sessions;

constexpr std::chrono::seconds kStartPatience{5};
constexpr std::chrono::seconds kMigrationPatience{60};
constexpr int kAttempts = 3;
constexpr std::chrono::milliseconds kLeastTime{50};  // for a read to be worth beginning

class PostgresStore final : public Store {
 public:
  PostgresStore(const PostgresOptions& options, postgres::Url url, std::uint64_t id, Clock clock)
      : sessions_(std::move(url), id, options.patience),
        readers_({.size = options.readers, .wait = options.patience.request / 2},
                 [this] { return open_reader(); }),
        writer_(sessions_, std::move(clock)),
        group_commit_(writer_, options.group_commit),
        news_(sessions_, [this](const ContentId& content_id, std::int64_t version) {
          group_commit_.tell({content_id, {sessions_.store_id(), version}, {}});
        }) {
    observe(nullptr);
  }

  ~PostgresStore() override { group_commit_.observe(nullptr); }

  void post(Draft draft, Posted posted) override {
    if (!sessions_.is_reachable()) {
      return posted(Sessions::unreachable());
    }
    group_commit_.post(std::move(draft), std::move(posted));
  }

  Result<Page> list(const ListQuery& query) override {
    return read<Page>([&](Reader& reader, auto until) { return reader.list(query, until); });
  }

  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    return read<std::vector<std::int64_t>>(
        [&](Reader& reader, auto until) { return reader.count(content_ids, until); });
  }

  void observe(Observer observer) override {
    group_commit_.observe([this, observer = std::move(observer)](const Committed& committed) {
      if (!committed.comments.empty()) {
        news_.tell(committed.content_id, committed.version.number);
      }
      if (observer) {
        observer(committed);
      }
    });
  }

  std::uint64_t id() const override { return sessions_.store_id(); }

  StoreHealth health() const override {
    return {.reads = sessions_.is_reachable(), .writes = writer_.writable()};
  }

 private:
  Result<std::unique_ptr<Reader>> open_reader() {
    auto connection = sessions_.open(postgres::in(sessions_.patience().server));
    if (!connection) {
      return connection.error();
    }
    return std::make_unique<Reader>(sessions_.store_id(), *std::move(connection));
  }

  // Reads may be asked again: a connection that was idle while the server restarted is no reason
  // to refuse one. Only a database that could not be reached opens the breaker, not a busy one.
  template <class T, class Read>
  Result<T> read(Read read_with) {
    const auto until = postgres::in(sessions_.patience().request);
    Result<T> answer = Sessions::unreachable();
    for (int attempt = 0; attempt < kAttempts && sessions_.is_reachable(); ++attempt) {
      auto reader = readers_.lease();
      if (!reader) {
        sessions_.set_reachable(reader.error().code == ErrorCode::overloaded);
        return reader.error();
      }
      if (std::chrono::steady_clock::now() + kLeastTime > until) {
        return busy();
      }
      answer = read_with(*reader->operator->(), until);
      if (answer || (*reader)->failure() == Failure::refused) {
        return answer;
      }
      if ((*reader)->failure() == Failure::lost) {
        reader->discard();
        readers_.discard_idle();  // they are as old
        const bool is_last = attempt + 1 == kAttempts || std::chrono::steady_clock::now() >= until;
        if (is_last) {
          sessions_.set_reachable(false);
          return answer;
        }
      }
    }
    return answer;
  }

  static Error busy() {
    return {ErrorCode::overloaded, "the comment store is busy; retry shortly",
            "no time was left for a read when a connection was free"};
  }

  // In this order: who has a thread must be gone before what it uses is.
  Sessions sessions_;
  LeasePool<Reader> readers_;
  postgres::Writer writer_;
  GroupCommit group_commit_;
  postgres::News news_;
};

// Why the database cannot be used, for the person who named it.
Error startup_error(Error error) {
  if (!error.detail.empty()) {
    error.message = fmt::format(
        "the PostgreSQL database cannot be used ({}); check --store, and "
        "that the server runs",
        std::exchange(error.detail, {}));
  }
  return error;
}

Result<SchemaState> migrate(const postgres::Url& url) {
  std::size_t server = 0;
  auto connection = postgres::Connection::open(url, postgres::Patience{}.request,
                                               postgres::in(kStartPatience), server);
  if (!connection) {
    return startup_error(connection.error());
  }
  auto state = postgres::prepare_schema(**connection, postgres::migrations(), kVersion,
                                        postgres::in(kMigrationPatience));
  return state ? state : startup_error(state.error());
}

}  // namespace

Result<SchemaState> migrate_postgres(const std::string& url, const std::string& password) {
  auto parsed = postgres::parse_url(url, password);
  return parsed ? migrate(*parsed) : parsed.error();
}

Result<std::unique_ptr<Store>> open_postgres_store(const PostgresOptions& options, Clock clock) {
  auto url = postgres::parse_url(options.url, options.password);
  if (!url) {
    return url.error();
  }
  const auto schema = migrate(*url);
  if (!schema) {
    return schema.error();
  }
  return std::unique_ptr<Store>(std::make_unique<PostgresStore>(
      options, *std::move(url), schema->store_id, std::move(clock)));
}

}  // namespace comments
