#include "core/store/archive_plan.h"

#include <set>

#include <fmt/format.h>

namespace comments {

Result<ArchivePlan> plan_archive(std::span<const ArchivedComment> archived, ArchiveState before) {
  ArchivePlan plan;
  std::set<std::string_view> changed;
  for (const auto& one : archived) {
    const std::string_view thread = one.content_id.text();
    auto& head = before.heads[thread];
    if (one.comment.id <= head.last_seq) {
      const auto there = before.comments.find({thread, one.comment.id});
      if (there == before.comments.end() || there->second != one.comment) {
        return Error{ErrorCode::bad_request,
                     fmt::format("content_id {} has another comment {} already; choose an empty "
                                 "store, or the one that this came from",
                                 thread, one.comment.id),
                     {}};
      }
      continue;
    }
    if (one.comment.id != head.last_seq + 1) {
      return Error{ErrorCode::bad_request,
                   fmt::format("content_id {}: comment {} would follow comment {}; the comments "
                               "between are missing",
                               thread, one.comment.id, head.last_seq),
                   {}};
    }
    head = {head.last_seq + 1, head.count + 1, head.version + 1};
    before.comments[{thread, one.comment.id}] = one.comment;
    changed.insert(thread);
    plan.comments.push_back(&one);
  }
  for (const auto& thread : changed) {
    plan.heads.emplace_back(thread, before.heads[thread]);
  }
  return plan;
}

}  // namespace comments
