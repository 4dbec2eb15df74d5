#include "core/client/retry.h"

#include <random>

namespace comments {

bool asks_to_come_back(int http_status) {
  return http_status == 429 || http_status == 502 || http_status == 503 || http_status == 504;
}

std::chrono::milliseconds spread(std::chrono::milliseconds pause) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(
      std::uniform_int_distribution(pause.count() / 2, pause.count())(random));
}

}  // namespace comments
