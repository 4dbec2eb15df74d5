#include "core/store/postgres/writer.h"

#include <algorithm>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "core/comment/random.h"
#include "core/store/postgres/heads.h"
#include "core/store/postgres/limits.h"
#include "core/store/postgres/text_array.h"

namespace comments::postgres {
namespace {

// A transaction whose client is gone must not hold its locks for long. Ours is idle for as long as
// it takes to plan a batch and to send it; where the network has swallowed the instance, the others
// wait for its locks, and must get them within their own patience.
// Shorter than a request's: an attempt that was given up must not be in the next one's way.
constexpr std::chrono::milliseconds kServerPatience{1'500};
constexpr std::chrono::milliseconds kIdlePatience{1'000};
constexpr std::chrono::hours kForgetAfter{24 * 30};
constexpr std::chrono::milliseconds kFirstPause{2};
constexpr std::chrono::milliseconds kLongestPause{100};

// The server's clock: an instance whose own is wrong must not make others' rows look old.
constexpr Statement kAddWriter{"comments_add_writer_1",
                               "INSERT INTO writers (id, batch, seen_at)"
                               " VALUES ($1::bigint, 0, (extract(epoch FROM now()) * 1000)::bigint)"
                               " ON CONFLICT (id) DO NOTHING"};
constexpr Statement kForgetWriters{
    "comments_forget_writers_1",
    "DELETE FROM writers WHERE seen_at < (extract(epoch FROM now()) * 1000)::bigint - $1::bigint"};
constexpr Statement kHoldWriter{"comments_hold_writer_1",
                                "SELECT batch FROM writers WHERE id = $1 FOR UPDATE"};
constexpr Statement kMoveWriter{
    "comments_move_writer_1",
    "UPDATE writers SET batch = $2::bigint, seen_at = (extract(epoch FROM now()) * 1000)::bigint"
    " WHERE id = $1::bigint"};
constexpr Statement kSeeWriter{
    "comments_see_writer_1",
    "UPDATE writers SET seen_at = (extract(epoch FROM now()) * 1000)::bigint"
    " WHERE id = $1::bigint"};
constexpr Statement kFindKeys{
    "comments_find_keys_1",
    "SELECT k.content_id, k.key, k.seq, k.stored_at, c.email, c.comment"
    " FROM unnest($1::text[], $2::text[]) AS t(content_id, key)"
    " JOIN idempotency_keys k ON k.content_id = t.content_id AND k.key = t.key"
    " JOIN comments c ON c.content_id = k.content_id AND c.seq = k.seq"};
constexpr Statement kAddComments{
    "comments_add_comments_1",
    "INSERT INTO comments (content_id, seq, email, comment, created_at)"
    " SELECT content_id, seq, email, comment, $5::bigint"
    " FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])"
    " AS t(content_id, seq, email, comment)"};
constexpr Statement kPutKeys{
    "comments_put_keys_1",
    "INSERT INTO idempotency_keys (content_id, key, seq, stored_at)"
    " SELECT content_id, key, seq, $4::bigint"
    " FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t(content_id, key, seq)"
    " ON CONFLICT (content_id, key) DO UPDATE"
    " SET seq = excluded.seq, stored_at = excluded.stored_at"};
constexpr Statement kBegin{"", "BEGIN"};
constexpr Statement kCommit{"", "COMMIT"};

std::string text_of(std::int64_t number) {
  return fmt::format("{}", number);
}

std::string text_of(Timestamp time) {
  return text_of(time.time_since_epoch().count());
}

// The heads that the plan leaves elsewhere than where they are now: of threads with posts that were
// there already, or that were refused.
std::vector<std::pair<std::string_view, ThreadHead>> moved_too_far(
    const Heads& before, const std::map<std::string_view, std::int64_t>& advanced,
    const BatchPlan& plan) {
  auto wanted = before;
  for (const auto& [thread, head] : plan.heads) {
    wanted[thread] = head;
  }
  std::vector<std::pair<std::string_view, ThreadHead>> wrong;
  for (const auto& [thread, head] : wanted) {
    if (head.last_seq != before.at(thread).last_seq + advanced.at(thread)) {
      wrong.emplace_back(thread, head);
    }
  }
  return wrong;
}

}  // namespace

Writer::Writer(Sessions& sessions, Clock clock)
    : sessions_(sessions),
      clock_(std::move(clock)),
      id_(static_cast<std::int64_t>(random_number())) {}

Result<Connection*> Writer::connection(Deadline until) {
  if (!connection_) {
    auto opened = sessions_.open(until);
    if (!opened) {
      return opened.error();
    }
    // Here, and not once: a database that was put back from a copy knows nothing of us.
    const auto known = (*opened)->run({Call{kAddWriter, {text_of(id_)}},
                                       Call{kForgetWriters, {text_of(Timestamp(kForgetAfter))}}},
                                      until);
    if (!known) {
      return known.error();
    }
    connection_ = *std::move(opened);
  }
  return connection_.get();
}

BatchWriter::Batch Writer::commit(std::span<const Draft> drafts) {
  const auto until = in(sessions_.patience().request);
  Attempt attempt{.error = Sessions::unreachable()};
  if (sessions_.is_reachable()) {
    in_doubt_.reset();
    for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
      attempt = try_commit(drafts, until);
      if (!attempt.again || std::chrono::steady_clock::now() + pause >= until) {
        break;
      }
      std::this_thread::sleep_for(pause);
    }
    writable_ = attempt.batch.has_value();
    sessions_.set_reachable(writable_ || connection_);
  }
  if (!attempt.batch) {
    return {.answers = {drafts.size(), *attempt.error}, .stored_at = {}};
  }
  return *std::move(attempt.batch);
}

Writer::Attempt Writer::failed(const Error& error) {
  const auto failure = connection_ ? connection_->failure() : Failure::lost;
  if (failure == Failure::lost) {
    connection_.reset();
  }
  return {.error = error, .again = failure != Failure::refused};
}

Writer::Attempt Writer::try_commit(std::span<const Draft> drafts, Deadline until) {
  auto open = connection(until);
  if (!open) {
    connection_.reset();
    return {.error = open.error(), .again = true};
  }
  auto& session = **open;
  auto begun = begin(session, drafts, until);
  if (!begun) {
    return failed(begun.error());
  }
  if (!*begun) {  // somebody has removed our row; the next connection makes a new one
    connection_.reset();
    return {.error = Sessions::unreachable(), .again = !in_doubt_};
  }
  const auto now = clock_();
  if (in_doubt_ && (*begun)->last == batch_ + 1) {
    // It is in. Moving the row makes the commit below wait for whatever the first one should have
    // waited for, such as a standby.
    if (auto done = finish(session, **begun, {}, now, until); !done) {
      return failed(done.error());
    }
    return {.batch = std::exchange(in_doubt_, std::nullopt)};
  }
  batch_ = (*begun)->last;
  auto plan = plan_batch(drafts, (*begun)->before, sessions_.store_id(), now);
  in_doubt_ = Batch{.answers = std::move(plan.answers), .stored_at = now};
  if (auto done = finish(session, **begun, plan, now, until); !done) {
    if (session.failure() != Failure::lost) {
      in_doubt_.reset();
    }
    return failed(done.error());
  }
  ++batch_;
  return {.batch = std::exchange(in_doubt_, std::nullopt)};
}

// Takes the locks; nullopt where our row is gone.
Result<std::optional<Writer::Begun>> Writer::begin(Connection& connection,
                                                   std::span<const Draft> drafts, Deadline until) {
  Begun begun;
  std::set<std::string_view> threads;
  std::set<BatchState::Key> keyed;
  for (const auto& draft : drafts) {
    threads.insert(draft.content_id().text());
    ++begun.advanced[draft.content_id().text()];
    if (!draft.idempotency_key().empty()) {
      keyed.emplace(draft.content_id().text(), draft.idempotency_key());
    }
  }
  std::vector<Call> calls{{kBegin},
                          limits(kServerPatience, kIdlePatience),
                          {kHoldWriter, {text_of(id_)}},
                          advance_heads(begun.advanced)};
  const std::size_t own = 2;
  const std::size_t heads = 3;
  if (!keyed.empty()) {  // after the locks: a statement sees what was committed before it began
    TextArray key_threads;
    TextArray keys;
    for (const auto& [thread, key] : keyed) {
      key_threads.add(thread);
      keys.add(key);
    }
    calls.push_back({kFindKeys, {key_threads.take(), keys.take()}});
  }
  auto answers = connection.run(calls, until);
  if (!answers) {
    return answers.error();
  }
  const auto& row = answers->at(own);
  if (row.size() != 1) {
    return std::optional<Begun>();
  }
  begun.last = row.integer(0, 0);
  begun.before.heads = heads_before(heads_of(answers->at(heads), threads), begun.advanced);
  if (!keyed.empty()) {
    const auto& found = answers->back();
    for (int at = 0; at < found.size(); ++at) {
      begun.before.keys[*keyed.find({found.text(at, 0), found.text(at, 1)})] = {
          found.integer(at, 2), Timestamp(Timestamp::duration(found.integer(at, 3))),
          std::string(found.text(at, 4)), std::string(found.text(at, 5))};
    }
  }
  return std::optional(std::move(begun));
}

// Writes what is planned, puts the heads right, moves our row on, and commits.
Result<void> Writer::finish(Connection& connection, const Begun& begun, const BatchPlan& plan,
                            Timestamp now, Deadline until) {
  std::vector<Call> calls;
  if (!plan.comments.empty()) {
    TextArray content_ids;
    TextArray seqs;
    TextArray emails;
    TextArray texts;
    for (const auto& [draft, seq] : plan.comments) {
      content_ids.add(draft->content_id().text());
      seqs.add(seq);
      emails.add(draft->email());
      texts.add(draft->comment());
    }
    calls.push_back({kAddComments,
                     {content_ids.take(), seqs.take(), emails.take(), texts.take(), text_of(now)}});
  }
  if (!plan.keys.empty()) {
    TextArray content_ids;
    TextArray keys;
    TextArray seqs;
    for (const auto& [draft, seq] : plan.keys) {
      content_ids.add(draft->content_id().text());
      keys.add(draft->idempotency_key());
      seqs.add(seq);
    }
    calls.push_back({kPutKeys, {content_ids.take(), keys.take(), seqs.take(), text_of(now)}});
  }
  if (const auto wrong = moved_too_far(begun.before.heads, begun.advanced, plan); !wrong.empty()) {
    calls.push_back(put_heads(wrong));
  }
  calls.push_back({kMoveWriter, {text_of(id_), text_of(batch_ + 1)}});
  calls.push_back({kCommit});
  auto done = connection.run(calls, until);
  return done ? Result<void>() : done.error();
}

void Writer::idle() {
  if (sessions_.is_reachable() && writable_) {
    return;
  }
  const auto until = in(sessions_.patience().server);
  auto open = connection(until);
  // A write, for a server that only answers reads is of no use to a writer.
  writable_ = open && (*open)->run({Call{kSeeWriter, {text_of(id_)}}}, until);
  const bool is_refused = open && !writable_ && (*open)->failure() == Failure::refused;
  if (!writable_ && !is_refused) {
    connection_.reset();
  }
  sessions_.set_reachable(writable_ || is_refused);
}

}  // namespace comments::postgres
