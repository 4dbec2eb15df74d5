#include "core/store/open_store.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "core/store/archive.h"
#include "core/store/measured_store.h"
#include "core/store/memory_store.h"
#include "core/store/postgres/archive.h"
#include "core/store/postgres/store.h"
#include "core/store/sqlite/archive.h"
#include "core/store/sqlite/store.h"
#include "core/store/store_url.h"

namespace comments {
namespace {

// What stands behind `sqlite:`.
std::optional<std::string> sqlite_path(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite:";
  return url.starts_with(kScheme) && url.size() > kScheme.size()
             ? std::optional(std::string(url.substr(kScheme.size())))
             : std::nullopt;
}

bool is_postgres(std::string_view url) {
  return url.starts_with("postgres://") || url.starts_with("postgresql://");
}

Error no_store(std::string_view url) {
  return {ErrorCode::bad_request,
          fmt::format("'{}' is no store; use sqlite:PATH (such as sqlite:comments.db), "
                      "postgres://USER@HOST/DATABASE, or memory:",
                      masked_store_url(url)),
          {}};
}

Error no_archive(std::string_view url) {
  if (url == "memory:") {
    return {ErrorCode::bad_request,
            "memory: is gone with the process that serves it; name a sqlite: or postgres:// store",
            {}};
  }
  return no_store(url);
}

Result<std::unique_ptr<Store>> open_unmeasured(const StoreChoice& choice) {
  if (choice.url == "memory:") {
    return make_memory_store();
  }
  if (auto path = sqlite_path(choice.url)) {
    return open_sqlite_store(
        {.path = *std::move(path), .group_commit = {.metrics = choice.metrics}});
  }
  if (is_postgres(choice.url)) {
    PostgresOptions options{.url = choice.url,
                            .password = choice.password,
                            .readers = std::max(choice.connections, kMinStoreConnections) - 2};
    options.group_commit.metrics = choice.metrics;
    return open_postgres_store(options);
  }
  return no_store(choice.url);
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const StoreChoice& choice) {
  auto store = open_unmeasured(choice);
  if (!store) {
    return store;
  }
  return measured(*std::move(store), choice.metrics);
}

Result<SchemaState> migrate_store(const StoreChoice& choice) {
  if (choice.url == "memory:") {
    return SchemaState{};
  }
  if (const auto path = sqlite_path(choice.url)) {
    return migrate_sqlite(*path);
  }
  if (is_postgres(choice.url)) {
    return migrate_postgres(choice.url, choice.password);
  }
  return no_store(choice.url);
}

Result<std::unique_ptr<ArchiveReader>> open_archive_reader(const StoreChoice& choice) {
  if (const auto path = sqlite_path(choice.url)) {
    return open_sqlite_archive_reader(*path);
  }
  if (is_postgres(choice.url)) {
    return open_postgres_archive_reader(choice.url, choice.password);
  }
  return no_archive(choice.url);
}

Result<std::unique_ptr<ArchiveWriter>> open_archive_writer(const StoreChoice& choice) {
  if (const auto path = sqlite_path(choice.url)) {
    return open_sqlite_archive_writer(*path);
  }
  if (is_postgres(choice.url)) {
    return open_postgres_archive_writer(choice.url, choice.password);
  }
  return no_archive(choice.url);
}

}  // namespace comments
