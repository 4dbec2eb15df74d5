#include "core/store/postgres/heads.h"

#include "core/store/postgres/text_array.h"

namespace comments::postgres {
namespace {

constexpr Statement kAdd{"comments_add_heads_1",
                         "INSERT INTO contents (content_id, last_seq, count, version)"
                         " SELECT content_id, 0, 0, 0 FROM unnest($1::text[]) AS t(content_id)"
                         " ON CONFLICT (content_id) DO NOTHING"};
constexpr Statement kHold{
    "comments_hold_heads_2",
    "SELECT content_id, last_seq, count, version FROM contents"
    " WHERE content_id = ANY($1::text[]) ORDER BY content_id COLLATE \"C\" FOR UPDATE"};
constexpr Statement kAdvance{
    "comments_advance_heads_1",
    "INSERT INTO contents AS c (content_id, last_seq, count, version)"
    " SELECT content_id, more, more, more FROM unnest($1::text[], $2::bigint[])"
    " AS t(content_id, more)"
    " ON CONFLICT (content_id) DO UPDATE SET last_seq = c.last_seq + excluded.last_seq,"
    " count = c.count + excluded.count, version = c.version + excluded.version"
    " RETURNING content_id, last_seq, count, version"};
constexpr Statement kPut{
    "comments_put_heads_1",
    "UPDATE contents SET last_seq = t.last_seq, count = t.count, version = t.version"
    " FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])"
    " AS t(content_id, last_seq, count, version)"
    " WHERE contents.content_id = t.content_id"};

}  // namespace

std::vector<Call> hold_heads(const std::set<std::string_view>& threads) {
  TextArray names;
  for (const auto& thread : threads) {
    names.add(thread);
  }
  const auto array = names.take();
  return {{kAdd, {array}}, {kHold, {array}}};
}

Heads heads_of(const Rows& rows, const std::set<std::string_view>& threads) {
  Heads heads;
  for (int row = 0; row < rows.size(); ++row) {
    heads[*threads.find(rows.text(row, 0))] = {rows.integer(row, 1), rows.integer(row, 2),
                                               rows.integer(row, 3)};
  }
  return heads;
}

Call advance_heads(const std::map<std::string_view, std::int64_t>& comments) {
  TextArray threads;
  TextArray more;
  for (const auto& [thread, count] : comments) {
    threads.add(thread);
    more.add(count);
  }
  return {kAdvance, {threads.take(), more.take()}};
}

Heads heads_before(Heads advanced, const std::map<std::string_view, std::int64_t>& comments) {
  for (auto& [thread, head] : advanced) {
    const auto more = comments.at(thread);
    head = {head.last_seq - more, head.count - more, head.version - more};
  }
  return advanced;
}

Call put_heads(std::span<const std::pair<std::string_view, ThreadHead>> heads) {
  TextArray threads;
  TextArray seqs;
  TextArray counts;
  TextArray versions;
  for (const auto& [thread, head] : heads) {
    threads.add(thread);
    seqs.add(head.last_seq);
    counts.add(head.count);
    versions.add(head.version);
  }
  return {kPut, {threads.take(), seqs.take(), counts.take(), versions.take()}};
}

}  // namespace comments::postgres
