#include "core/store/sqlite/reader.h"

#include "core/store/page_window.h"
#include "core/store/sqlite/pragmas.h"

namespace comments {

Result<std::unique_ptr<SqliteReader>> SqliteReader::open(const std::string& path,
                                                         std::uint64_t store_id) {
  auto database = sqlite::Database::open(path, sqlite::Database::Mode::read_only);
  if (!database) {
    return database.error();
  }
  if (auto set = set_reader_pragmas(*database); !set) {
    return set.error();
  }
  auto head = database->prepare("SELECT count, version FROM contents WHERE content_id = ?1");
  auto from_beginning = database->prepare(
      "SELECT seq, email, comment, created_at FROM comments"
      " WHERE content_id = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq LIMIT ?4");
  auto from_end = database->prepare(
      "SELECT seq, email, comment, created_at FROM comments"
      " WHERE content_id = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4");
  for (const auto* statement : {&head, &from_beginning, &from_end}) {
    if (!*statement) {
      return statement->error();
    }
  }
  return std::unique_ptr<SqliteReader>(
      new SqliteReader(store_id, *std::move(database), *std::move(head), *std::move(from_beginning),
                       *std::move(from_end)));
}

// A page without comments: the thread's state alone.
Result<Page> SqliteReader::read_head(const ContentId& content_id) {
  Page page{.version = {store_id_, 0}};
  auto found = head_.bind(1, content_id.text()).step();
  if (!found) {
    return found.error();
  }
  if (*found) {
    page.total = head_.integer(0);
    page.version.number = head_.integer(1);
    head_.reset();
  }
  return page;
}

Result<Page> SqliteReader::list(const ListQuery& query) {
  // One snapshot for the head and the comments.
  auto snapshot = sqlite::Transaction::begin(database_, sqlite::Transaction::Kind::read);
  if (!snapshot) {
    return snapshot.error();
  }
  auto page = read_head(query.content_id);
  if (!page || page->total == 0) {
    return page;
  }
  if (query.known == page->version) {
    page->unchanged = true;
    return page;
  }
  const auto window = window_of(query);
  auto& select = window.from_end ? from_end_ : from_beginning_;
  select.bind(1, query.content_id.text())
      .bind(2, window.after)
      .bind(3, window.before)
      .bind(4, query.limit);
  for (;;) {
    auto row = select.step();
    if (!row) {
      return row.error();
    }
    if (!*row) {
      break;
    }
    page->comments.push_back({select.integer(0), std::string(select.text(1)),
                              std::string(select.text(2)),
                              Timestamp(Timestamp::duration(select.integer(3)))});
  }
  put_in_order(query, page->comments);
  return page;
}

Result<std::vector<std::int64_t>> SqliteReader::count(std::span<const ContentId> content_ids) {
  auto snapshot = sqlite::Transaction::begin(database_, sqlite::Transaction::Kind::read);
  if (!snapshot) {
    return snapshot.error();
  }
  std::vector<std::int64_t> counts;
  for (const auto& content_id : content_ids) {
    auto head = read_head(content_id);
    if (!head) {
      return head.error();
    }
    counts.push_back(head->total);
  }
  return counts;
}

}  // namespace comments
