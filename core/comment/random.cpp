#include "core/comment/random.h"

#include <random>

namespace comments {

std::uint64_t random_number() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace comments
