#include "core/store/open_store.h"

#include <string>

#include <fmt/format.h>

#include "core/store/memory_store.h"
#include "core/store/sqlite/store.h"

namespace comments {

Result<std::unique_ptr<Store>> open_store(std::string_view url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url == "memory:") {
    return make_memory_store();
  }
  if (url.starts_with(kSqlite) && url.size() > kSqlite.size()) {
    return open_sqlite_store({.path = std::string(url.substr(kSqlite.size()))});
  }
  return Error{
      ErrorCode::bad_request,
      fmt::format("'{}' is no store; use sqlite:PATH (such as sqlite:comments.db) or memory:", url),
      {}};
}

}  // namespace comments
