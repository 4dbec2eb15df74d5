#include "core/store/postgres/reader.h"

#include <map>

#include <fmt/format.h>

#include "core/store/page_window.h"
#include "core/store/postgres/limits.h"
#include "core/store/postgres/text_array.h"

namespace comments::postgres {
namespace {

// One statement is one snapshot: head and comments belong to one moment. The head's row comes even
// where no comment does; $5 is the version that the caller knows.
constexpr Statement kFromBeginning{
    "comments_list_asc_1",
    "SELECT h.count, h.version, c.seq, c.email, c.comment, c.created_at"
    " FROM contents h LEFT JOIN LATERAL"
    "  (SELECT seq, email, comment, created_at FROM comments"
    "   WHERE content_id = h.content_id AND seq > $2::bigint AND seq < $3::bigint"
    "    AND h.version <> $5::bigint"
    "   ORDER BY seq LIMIT $4::bigint) c ON true"
    " WHERE h.content_id = $1::text ORDER BY c.seq"};
constexpr Statement kFromEnd{
    "comments_list_desc_1",
    "SELECT h.count, h.version, c.seq, c.email, c.comment, c.created_at"
    " FROM contents h LEFT JOIN LATERAL"
    "  (SELECT seq, email, comment, created_at FROM comments"
    "   WHERE content_id = h.content_id AND seq > $2::bigint AND seq < $3::bigint"
    "    AND h.version <> $5::bigint"
    "   ORDER BY seq DESC LIMIT $4::bigint) c ON true"
    " WHERE h.content_id = $1::text ORDER BY c.seq DESC"};
constexpr Statement kCount{
    "comments_count_1",
    "SELECT content_id, count FROM contents WHERE content_id = ANY($1::text[])"};

constexpr std::int64_t kNoVersion = -1;

// A little longer than a request's: what nobody waits for any more ends.
constexpr std::chrono::milliseconds kServerPatience{2'500};
constexpr std::chrono::milliseconds kNoLimit{0};

}  // namespace

Result<Page> Reader::list(const ListQuery& query, Deadline until) {
  const auto window = window_of(query);
  const bool knows = query.known && query.known->store == store_id_;
  const auto known = knows ? query.known->number : kNoVersion;
  const auto text = [](std::int64_t number) { return fmt::format("{}", number); };
  const auto answer =
      connection_->run({limits(kServerPatience, kNoLimit),
                        Call{window.from_end ? kFromEnd : kFromBeginning,
                             {query.content_id.text(), text(window.after), text(window.before),
                              text(query.limit), text(known)}}},
                       until);
  if (!answer) {
    return answer.error();
  }
  const auto& rows = answer->back();
  Page page{.version = {store_id_, 0}};
  page.total = rows.size() == 0 ? 0 : rows.integer(0, 0);
  if (page.total == 0) {
    return page;
  }
  page.version.number = rows.integer(0, 1);
  if (page.version.number == known) {
    page.unchanged = true;
    return page;
  }
  for (int row = 0; row < rows.size(); ++row) {
    if (!rows.is_null(row, 2)) {
      page.comments.push_back({rows.integer(row, 2), std::string(rows.text(row, 3)),
                               std::string(rows.text(row, 4)),
                               Timestamp(Timestamp::duration(rows.integer(row, 5)))});
    }
  }
  put_in_order(query, page.comments);
  return page;
}

Result<std::vector<std::int64_t>> Reader::count(std::span<const ContentId> content_ids,
                                                Deadline until) {
  TextArray ids;
  for (const auto& content_id : content_ids) {
    ids.add(content_id.text());
  }
  const auto answer =
      connection_->run({limits(kServerPatience, kNoLimit), Call{kCount, {ids.take()}}}, until);
  if (!answer) {
    return answer.error();
  }
  const auto& rows = answer->back();
  std::map<std::string_view, std::int64_t> found;
  for (int row = 0; row < rows.size(); ++row) {
    found[rows.text(row, 0)] = rows.integer(row, 1);
  }
  std::vector<std::int64_t> counts;
  counts.reserve(content_ids.size());
  for (const auto& content_id : content_ids) {
    const auto at = found.find(content_id.text());
    counts.push_back(at == found.end() ? 0 : at->second);
  }
  return counts;
}

}  // namespace comments::postgres
