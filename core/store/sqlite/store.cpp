#include "core/store/sqlite/store.h"

#include <atomic>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "core/store/lease_pool.h"
#include "core/store/sqlite/log.h"
#include "core/store/sqlite/pragmas.h"
#include "core/store/sqlite/reader.h"
#include "core/store/sqlite/schema.h"
#include "core/store/sqlite/writer.h"

namespace comments {
namespace {

namespace fs = std::filesystem;

class SqliteStore final : public Store {
 public:
  SqliteStore(const SqliteOptions& options, std::uint64_t id, std::unique_ptr<SqliteWriter> writer)
      : id_(id),
        readers_({.size = options.readers},
                 [path = options.path, id] { return SqliteReader::open(path, id); }),
        writer_(std::move(writer)),
        group_commit_(*writer_, options.group_commit) {}

  void post(Draft draft, Posted posted) override {
    group_commit_.post(std::move(draft), std::move(posted));
  }

  Result<Page> list(const ListQuery& query) override {
    return read<Page>([&](SqliteReader& reader) { return reader.list(query); });
  }

  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    return read<std::vector<std::int64_t>>(
        [&](SqliteReader& reader) { return reader.count(content_ids); });
  }

  void observe(Observer observer) override { group_commit_.observe(std::move(observer)); }

  std::uint64_t id() const override { return id_; }

  StoreHealth health() const override {
    return {.reads = readable_, .writes = writer_->writable()};
  }

 private:
  template <class T, class Read>
  Result<T> read(Read read_with) {
    auto reader = readers_.lease();
    if (!reader) {
      readable_ = false;
      return reader.error();
    }
    auto answer = read_with(*reader->operator->());
    readable_ = static_cast<bool>(answer);
    if (!answer) {
      reader->discard();
    }
    return answer;
  }

  // In this order: the group commit's thread must be gone before what it uses is.
  const std::uint64_t id_;
  std::atomic<bool> readable_ = true;
  LeasePool<SqliteReader> readers_;
  const std::unique_ptr<SqliteWriter> writer_;
  GroupCommit group_commit_;
};

// Why a file cannot be opened, for the person who named it.
Error startup_error(const std::string& path, Error error) {
  const auto folder = fs::absolute(path).parent_path();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    error.message = fmt::format(
        "{}: the folder {} does not exist; create it or choose another file with --store", path,
        folder.string());
  } else if (fs::is_directory(path, ignored)) {
    error.message = fmt::format("{} is a folder; name a file in it with --store", path);
  } else if (::access(folder.c_str(), W_OK) != 0) {
    error.message = fmt::format(
        "{}: the folder {} is not writable; make it so (in a container, mount a volume there) or "
        "choose another store with --store, a file elsewhere or postgres://",
        path, folder.string());
  } else if (fs::exists(path, ignored) && ::access(path.c_str(), R_OK | W_OK) != 0) {
    error.message = fmt::format(
        "{} is not readable and writable; make it so or choose another file with --store", path);
  } else if (error.detail.find("not a database") != std::string::npos) {
    error.message =
        fmt::format("{} is not a SQLite database; choose another file with --store", path);
  } else if (!error.detail.empty()) {
    error.message = fmt::format("{}: {} ({})", path, error.message, error.detail);
  }
  return error;
}

Result<SchemaState> prepare_file(const std::string& path) {
  auto database = open_settled(path);
  if (!database) {
    return database.error();
  }
  auto schema = prepare_sqlite_schema(*database, path);
  if (!schema) {
    return schema;
  }
  // Now, while nothing serves yet, rather than at the first post.
  if (auto set = set_writer_pragmas(*database); !set) {
    return set.error();
  }
  return schema;
}

}  // namespace

Result<SchemaState> migrate_sqlite(const std::string& path) {
  auto schema = prepare_file(path);
  if (!schema) {
    return startup_error(path, schema.error());
  }
  return schema;
}

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, Clock clock) {
  const auto schema = migrate_sqlite(options.path);
  if (!schema) {
    return schema.error();
  }
  const auto id = schema->store_id;
  auto writer = SqliteWriter::open(options.path, id, std::move(clock));
  if (!writer) {
    return startup_error(options.path, writer.error());
  }
  // A reader too, for a moment: what does not fit shows now, not at the first request.
  if (auto reader = SqliteReader::open(options.path, id); !reader) {
    return startup_error(options.path, reader.error());
  }
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(options, id, *std::move(writer)));
}

}  // namespace comments
