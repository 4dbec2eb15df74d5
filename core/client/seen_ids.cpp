#include "core/client/seen_ids.h"

#include <algorithm>

namespace comments {

void SeenIds::note(const ContentId& content_id, std::int64_t id) {
  const std::lock_guard lock(mutex_);
  if (ids_.size() >= kMaxThreads && !ids_.contains(content_id.text())) {
    ids_.clear();
  }
  auto& seen = ids_[content_id.text()];
  seen = std::max(seen, id);
}

std::int64_t SeenIds::of(const ContentId& content_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(content_id.text());
  return found == ids_.end() ? 0 : found->second;
}

}  // namespace comments
