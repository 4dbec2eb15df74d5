#include "core/store/sqlite/copy.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "core/comment/random.h"
#include "core/store/sqlite/database.h"
#include "core/store/sqlite/schema.h"

namespace comments {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;

Error cannot(const std::string& path, std::string_view what, const std::string& why) {
  return {ErrorCode::unavailable, fmt::format("{} cannot be {} ({})", path, what, why), {}};
}

std::string last_error() {
  return std::error_code(errno, std::generic_category()).message();
}

Result<void> flush_to_disk(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool flushed = file >= 0 && ::fsync(file) == 0;
  const auto why = last_error();
  if (file >= 0) {
    ::close(file);
  }
  return flushed ? Result<void>() : cannot(path, "written to the disk", why);
}

Result<std::string> text_of(Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  if (!statement) {
    return statement.error();
  }
  auto row = statement->step();
  if (!row) {
    return row.error();
  }
  return *row ? std::string(statement->text(0)) : std::string();
}

// What is in the copy, if it is sound.
Result<SqliteCopy> check(Database& copy, const std::string& path) {
  auto sound = text_of(copy, "PRAGMA integrity_check(1)");
  if (!sound) {
    return sound.error();
  }
  const auto wrong = copy.integer(
      "SELECT count(*) FROM contents h WHERE h.count <> h.last_seq OR h.last_seq <>"
      " (SELECT coalesce(max(seq), 0) FROM comments c WHERE c.content_id = h.content_id)");
  const auto stored = copy.integer("SELECT count(*) FROM comments");
  const auto counted = copy.integer("SELECT coalesce(sum(count), 0) FROM contents");
  const auto threads = copy.integer("SELECT count(*) FROM contents WHERE count > 0");
  for (const auto* number : {&wrong, &stored, &counted, &threads}) {
    if (!*number) {
      return number->error();
    }
  }
  if (*sound != "ok" || *wrong != 0 || *stored != *counted) {
    return Error{ErrorCode::internal,
                 fmt::format("{} is damaged: {}", path,
                             *sound != "ok" ? *sound : "its counts and its comments differ"),
                 {}};
  }
  return SqliteCopy{*stored, *threads};
}

// One file: no log beside it.
Result<SqliteCopy> copy_and_check(const std::string& from, const std::string& part) {
  auto source = Database::open(from, Database::Mode::read_only);
  if (!source) {
    return source.error();
  }
  auto copy = Database::open(part, Database::Mode::create);
  if (!copy) {
    return copy.error();
  }
  if (auto copied = source->copy_to(*copy); !copied) {
    return copied.error();
  }
  if (auto one_file = copy->execute("PRAGMA journal_mode = DELETE"); !one_file) {
    return one_file.error();
  }
  if (auto ours = prepare_sqlite_schema(*copy, from); !ours) {
    return ours.error();
  }
  auto renamed = copy->prepare("UPDATE store SET id = ?1");
  if (!renamed) {
    return renamed.error();
  }
  if (auto done = renamed->bind(1, static_cast<std::int64_t>(random_number())).run(); !done) {
    return done.error();
  }
  return check(*copy, from);
}

}  // namespace

Result<SqliteCopy> copy_sqlite(const std::string& from, const std::string& to) {
  std::error_code ignored;
  if (!fs::exists(from, ignored)) {
    return Error{ErrorCode::bad_request, fmt::format("there is no file {}", from), {}};
  }
  if (fs::exists(to, ignored)) {
    return Error{ErrorCode::bad_request,
                 fmt::format("{} exists already; choose another file, or remove it", to),
                 {}};
  }
  for (const auto* suffix : {"-wal", "-shm", "-journal"}) {
    if (fs::exists(to + suffix, ignored)) {  // SQLite would take it for this file's own
      return Error{
          ErrorCode::bad_request,
          fmt::format("{}{} is left of another database of that name; move it away with it", to,
                      suffix),
          {}};
    }
  }
  const auto part = to + ".part";
  fs::remove(part, ignored);
  auto copied = copy_and_check(from, part);
  if (!copied) {
    fs::remove(part, ignored);
    auto error = copied.error();
    if (!error.detail.empty()) {
      error.message = fmt::format("{} cannot be copied to {} ({})", from, to, error.detail);
      error.detail.clear();
    }
    return error;
  }
  if (auto flushed = flush_to_disk(part); !flushed) {
    return flushed.error();
  }
  if (::rename(part.c_str(), to.c_str()) != 0) {
    return cannot(to, "written", last_error());
  }
  if (auto flushed = flush_to_disk(fs::absolute(to).parent_path().string()); !flushed) {
    return flushed.error();
  }
  return copied;
}

}  // namespace comments
