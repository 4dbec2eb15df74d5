// The largest comment id that this client was given in each thread: no later list may have less.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "core/comment/comment.h"

namespace comments {

// Safe for concurrent use. Remembers kMaxThreads at most: with one more, it begins anew.
class SeenIds {
 public:
  static constexpr std::size_t kMaxThreads = 10'000;

  void note(const ContentId& content_id, std::int64_t id);

  // 0: none.
  std::int64_t of(const ContentId& content_id) const;

 private:
  mutable std::mutex mutex_;  // guards the next
  std::unordered_map<std::string, std::int64_t> ids_;
};

}  // namespace comments
