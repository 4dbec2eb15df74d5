// Where anything that stamps a time takes it from.
#pragma once

#include <functional>

#include "core/comment/comment.h"

namespace comments {

// Called on any thread; may jump either way.
using Clock = std::function<Timestamp()>;

inline Timestamp system_now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace comments
