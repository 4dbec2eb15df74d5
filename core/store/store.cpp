#include "core/store/store.h"

#include <random>

namespace comments {

std::uint64_t random_store_id() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace comments
