#include "core/store/batch_plan.h"

#include <set>

#include "core/store/idempotency.h"

namespace comments {
namespace {

class Planner {
 public:
  Planner(BatchState before, std::uint64_t store_id, Timestamp now)
      : state_(std::move(before)), store_id_(store_id), now_(now) {}

  void add(const Draft& draft) { plan_.answers.push_back(answer(draft)); }

  BatchPlan finish() {
    for (const auto& content_id : changed_) {
      plan_.heads.emplace_back(content_id, state_.heads[content_id]);
    }
    return std::move(plan_);
  }

 private:
  Result<Receipt> answer(const Draft& draft) {
    auto& head = state_.heads[draft.content_id().text()];
    if (!draft.idempotency_key().empty()) {
      const auto found = state_.keys.find(key_of(draft));
      if (found != state_.keys.end()) {
        auto& known = found->second;
        const auto age = age_of_key(known.stored_at, now_);
        if (age == KeyAge::from_future) {
          known.stored_at = now_;
          plan_.keys.push_back({&draft, known.seq});
        }
        if (age != KeyAge::expired) {
          if (auto same = check_same_post(draft, known.email, known.comment); !same) {
            return same.error();
          }
          return Receipt{known.seq, {store_id_, head.version}, true};
        }
      }
    }
    head = {head.last_seq + 1, head.count + 1, head.version + 1};
    changed_.insert(draft.content_id().text());
    plan_.comments.push_back({&draft, head.last_seq});
    if (!draft.idempotency_key().empty()) {
      plan_.keys.push_back({&draft, head.last_seq});
      state_.keys[key_of(draft)] = {head.last_seq, now_, draft.email(), draft.comment()};
    }
    return Receipt{head.last_seq, {store_id_, head.version}, false};
  }

  static BatchState::Key key_of(const Draft& draft) {
    return {draft.content_id().text(), draft.idempotency_key()};
  }

  BatchState state_;  // as it becomes
  const std::uint64_t store_id_;
  const Timestamp now_;
  std::set<std::string_view> changed_;
  BatchPlan plan_;
};

}  // namespace

BatchPlan plan_batch(std::span<const Draft> drafts, BatchState before, std::uint64_t store_id,
                     Timestamp now) {
  Planner planner(std::move(before), store_id, now);
  for (const auto& draft : drafts) {
    planner.add(draft);
  }
  return planner.finish();
}

}  // namespace comments
