// Lists that are ready to be sent, and who waits for one that is being made.
//
// A list is kept by thread and form, until the thread changes or, beyond a number of bytes, others
// have been asked for more recently; after kMaxAge without news it is looked after, for somebody
// else may write to the same store. Who asks for one that is not there boards its flight: the first
// is the pilot and makes it, everybody else waits for that. After a commit nobody joins a flight
// that began before it, so that whoever asks after a post was answered sees that post. What one
// form of a thread has shown counts like a commit: no other form shows less afterwards.
//
// Who asks may have seen more of the thread elsewhere, and says how many comments: a list with
// fewer is none for them. Who came late to a flight that lands with fewer boards one that begins
// then, once: what the store says after they asked is the answer, whatever they claim to have seen.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/list_form.h"
#include "core/api/ready_list.h"

namespace comments::api {

// How old what is here may be when another process has written and nobody has said so.
inline constexpr std::chrono::seconds kMaxAge{1};

// Safe for concurrent use.
class ListCache {
 public:
  using Passenger = std::function<void(const Result<SharedList>&)>;
  struct Flight;  // one list that is being made

  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit ListCache(CacheLimits limits, Clock now = std::chrono::steady_clock::now)
      : limits_(limits), now_(std::move(now)) {}

  // The list, if it is here and shows the thread's last commit, and all `seen` comments.
  SharedList find(const std::string& content_id, const ListForm& form, std::int64_t seen = 0);

  // Calls `passenger` when the list is there; at once, if it is already. A flight comes back where
  // the caller is its pilot, who must land it.
  std::shared_ptr<Flight> board(const std::string& content_id, const ListForm& form,
                                Passenger passenger, std::int64_t seen = 0);

  // For the pilot: an earlier state of the list, perhaps still the present one; may be null.
  static SharedList earlier(const Flight& flight);

  // For the pilot: how many comments those have seen for whom the flight began.
  static std::int64_t seen(const Flight& flight);

  // Keeps the list, if it is one, and calls all passengers, on this thread. Where the store could
  // not be read, a kept list that shows the thread's last commit stands in, however long ago it was
  // looked after (stale-if-error, RFC 5861).
  // A flight comes back where some came late and had seen more: it
  // begins now, and the caller is its pilot.
  std::shared_ptr<Flight> land(const std::shared_ptr<Flight>& flight,
                               const Result<SharedList>& list);

  // The thread has that version now.
  void on_commit(const std::string& content_id, const Version& version);

  // What the kept lists hold, in bytes.
  std::size_t bytes() const;

 private:
  struct Thread;
  struct Slot;
  using Threads = std::unordered_map<std::string, Thread>;
  using Recent = std::list<Slot*>;

  struct Slot {
    Threads::value_type* thread = nullptr;
    ListForm form;
    SharedList list = {};
    std::shared_ptr<Flight> flight = {};  // that one may still join
    // Where there is a list:
    std::chrono::steady_clock::time_point read_at = {};
    Recent::iterator place = {};
  };

  struct Thread {
    Version version;  // the newest that somebody may have seen, since this exists
    int flights = 0;  // not landed
    std::map<ListForm, Slot> slots = {};
  };

  struct Ticket {
    Passenger passenger;
    std::int64_t seen = 0;
    bool late = false;
  };

  SharedList find_locked(const std::string& content_id, const ListForm& form, std::int64_t seen);
  Slot& slot_of(const std::string& content_id, const ListForm& form);
  std::shared_ptr<Flight> begin_flight(Slot& slot, std::vector<Ticket> tickets);
  static bool shows_last_commit(const Slot& slot);
  void keep(Slot& slot, SharedList list, std::chrono::steady_clock::time_point read_at);
  void drop(Slot& slot);
  void tidy(Slot& slot);

  const CacheLimits limits_;
  const Clock now_;
  mutable std::mutex mutex_;  // guards the rest
  Threads threads_;
  Recent recent_;  // the most recently used first
  std::size_t bytes_ = 0;
};

}  // namespace comments::api
