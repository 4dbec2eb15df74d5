// Randomness from the system: cannot be guessed.
#pragma once

#include <cstdint>

namespace comments {

std::uint64_t random_number();

}  // namespace comments
