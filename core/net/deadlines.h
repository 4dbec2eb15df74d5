// A timer wheel: many deadlines, cheap to move (Varghese and Lauck, "Hashed and Hierarchical Timing
// Wheels", 1987; the simple, hashed form).
//
// Moving a deadline further away only stores it; its place in the wheel is corrected when it comes
// up there. That makes the usual case, a deadline pushed on with every request, one store.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace comments::net {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

// One thread at a time. Deadlines fire up to kTick late, never early.
class Deadlines {
 public:
  static constexpr std::chrono::milliseconds kTick{250};

  // Derive from it to have a deadline; must be cleared before it is gone.
  class Entry {
   public:
    TimePoint deadline() const { return at_; }

   private:
    friend class Deadlines;
    TimePoint at_ = TimePoint::max();
    std::size_t turn_ = 0;  // the tick in whose slot it stands
    Entry* previous_ = nullptr;
    Entry* next_ = nullptr;
  };

  explicit Deadlines(TimePoint now) : start_(now) {}

  void set(Entry& entry, TimePoint at);
  void clear(Entry& entry);

  // Calls `expire(entry)`, which may set or clear any, for each that is due; it is no longer set.
  template <class Expire>
  void advance(TimePoint now, Expire expire) {
    for (const auto last = tick_of(now); turn_ <= last;) {
      auto*& slot = slots_[turn_++ % kSlots];
      due_ = std::exchange(slot, nullptr);
      while (auto* entry = due_) {  // expire() may set and clear any, those in this list included
        const auto at = entry->at_;
        clear(*entry);
        if (at <= now) {
          expire(*entry);
        } else {
          set(*entry, at);
        }
      }
    }
  }

  // When advance() has something to do next; nullopt: nothing is set.
  std::optional<TimePoint> next() const;

 private:
  static constexpr std::size_t kSlots = 256;  // 64 s: longer deadlines go round again

  std::size_t tick_of(TimePoint at) const {
    return at <= start_ ? 0 : static_cast<std::size_t>((at - start_) / kTick);
  }
  void place(Entry& entry, std::size_t turn);
  void unlink(Entry& entry);

  const TimePoint start_;
  std::size_t turn_ = 1;  // the next tick to look at
  Entry* due_ = nullptr;  // while advancing: what is left of the present slot
  std::array<Entry*, kSlots> slots_{};
};

}  // namespace comments::net
