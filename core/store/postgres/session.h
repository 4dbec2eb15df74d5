// Sessions with one particular store, and whether its database answers at all.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "core/store/postgres/connection.h"

namespace comments::postgres {

// How long anybody waits for the database: a post, a read, a connection.
struct Patience {
  std::chrono::milliseconds request{2'000};
  std::chrono::milliseconds server{1'000};  // to connect to one of several
};

// Safe for concurrent use.
class Sessions {
 public:
  Sessions(Url url, std::uint64_t store_id, Patience patience)
      : url_(std::move(url)), store_id_(store_id), patience_(patience) {}

  // Connects, and makes sure that it is the same store as ever: behind the same name may stand
  // another database.
  Result<std::unique_ptr<Connection>> open(Deadline until);

  const Patience& patience() const { return patience_; }
  std::uint64_t store_id() const { return store_id_; }

  // The breaker. Closed: the database is asked. Open: it was out of reach a moment ago, and who
  // asks is refused at once. The writer's thread, which has nothing else to do then, tries it.
  bool is_reachable() const { return reachable_; }
  void set_reachable(bool yes) { reachable_ = yes; }

  static Error unreachable();

 private:
  const Url url_;
  const std::uint64_t store_id_;
  const Patience patience_;
  std::atomic<std::size_t> server_ = 0;  // the one that answered last is asked first
  std::atomic<bool> reachable_ = true;
  const std::shared_ptr<Preparing> preparing_ = std::make_shared<Preparing>(true);
};

}  // namespace comments::postgres
