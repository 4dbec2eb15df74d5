// How often something may happen: so many times a minute, a whole minute's worth at once at most
// (the generic cell rate algorithm, ITU-T I.371: one time stamp a key).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace comments::api {

// Safe for concurrent use. Memory is fixed, kBytes, however many keys come: under a flood of keys,
// those whose allowance is nearest to full again are forgotten first.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t kBytes = std::size_t{8} * 1024 * 1024;

  // per_minute: 0 is no limit, and takes no memory.
  explicit RateLimit(int per_minute);

  bool is_on() const { return !sets_.empty(); }

  // Counts one. Nothing, where that is within the limit; else the time after which it will be.
  std::optional<std::chrono::milliseconds> count(std::string_view key, Time now);

 private:
  // A key's next full allowance. The key is a keyed hash: nobody can choose one that meets
  // somebody else's.
  struct Entry {
    std::uint64_t key = 0;
    Time full_at = {};
  };
  static constexpr std::size_t kWays = 8;
  using Set = std::array<Entry, kWays>;
  static constexpr std::size_t kSets = kBytes / sizeof(Set);

  std::uint64_t hash(std::string_view key) const;

  const std::chrono::nanoseconds interval_;
  const std::array<std::uint64_t, 2> secret_;
  std::mutex mutex_;  // guards the next
  std::vector<Set> sets_;
};

}  // namespace comments::api
