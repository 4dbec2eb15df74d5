// A store that keeps nothing: comments live as long as the object. For tests, for a try, and for
// the variant without a database.
#pragma once

#include <memory>

#include "core/store/store.h"

namespace comments {

std::unique_ptr<Store> make_memory_store(Clock clock = system_now);

}  // namespace comments
