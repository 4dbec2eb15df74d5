#include "core/api/rate_limit.h"

#include <algorithm>
#include <cstring>
#include <openssl/evp.h>

#include "core/comment/random.h"

namespace comments::api {
namespace {

constexpr std::chrono::minutes kWindow{1};

}  // namespace

RateLimit::RateLimit(int per_minute)
    : interval_(per_minute > 0 ? std::chrono::nanoseconds(kWindow) / per_minute
                               : std::chrono::nanoseconds(0)),
      secret_{random_number(), random_number()},
      sets_(per_minute > 0 ? kSets : 0) {}

std::uint64_t RateLimit::hash(std::string_view key) const {
  std::string text(reinterpret_cast<const char*>(secret_.data()), sizeof secret_);
  text += key;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  return std::max<std::uint64_t>(number, 1);  // 0 marks an empty place
}

std::optional<std::chrono::milliseconds> RateLimit::count(std::string_view key, Time now) {
  if (!is_on()) {
    return std::nullopt;
  }
  const auto number = hash(key);
  const std::lock_guard lock(mutex_);
  auto& set = sets_[number % sets_.size()];
  auto* entry = std::find_if(set.begin(), set.end(),
                             [&](const Entry& candidate) { return candidate.key == number; });
  if (entry == set.end()) {
    entry = std::min_element(set.begin(), set.end(), [](const Entry& left, const Entry& right) {
      return left.full_at < right.full_at;
    });
    *entry = {.key = number};
  }
  const auto full_at = std::max(entry->full_at, now) + interval_;
  const auto wait = full_at - (now + kWindow);
  if (wait > std::chrono::nanoseconds(0)) {
    return std::chrono::ceil<std::chrono::milliseconds>(wait);
  }
  entry->full_at = full_at;
  return std::nullopt;
}

}  // namespace comments::api
