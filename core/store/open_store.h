// From what a person writes after --store to a store.
#pragma once

#include <memory>
#include <string_view>

#include "core/store/store.h"

namespace comments {

// `sqlite:PATH` or `memory:`. bad_request where the text is neither; else as the store opens.
Result<std::unique_ptr<Store>> open_store(std::string_view url);

}  // namespace comments
