// What archived comments change in a store that may have some of them already. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/comment/archived.h"
#include "core/comment/result.h"
#include "core/store/batch_plan.h"

namespace comments {

// What is in the store of the threads and places that the archived comments name.
struct ArchiveState {
  using Place = std::pair<std::string_view, std::int64_t>;  // content_id, id

  std::map<std::string_view, ThreadHead> heads;  // what is not here has no comments yet
  std::map<Place, Comment> comments;
};

struct ArchivePlan {
  std::vector<const ArchivedComment*> comments;  // to be added
  std::vector<std::pair<std::string_view, ThreadHead>> heads;
};

// The errors of ArchiveWriter::add. `archived` must outlive the plan.
Result<ArchivePlan> plan_archive(std::span<const ArchivedComment> archived, ArchiveState before);

}  // namespace comments
