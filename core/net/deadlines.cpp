#include "core/net/deadlines.h"

#include <algorithm>

namespace comments::net {

void Deadlines::set(Entry& entry, TimePoint at) {
  entry.at_ = at;
  const auto turn = std::max(tick_of(at) + 1, turn_);  // the tick after it: late, not early
  if (entry.turn_ != 0) {
    if (entry.turn_ <= turn) {
      return;
    }
    unlink(entry);
  }
  place(entry, turn);
}

void Deadlines::clear(Entry& entry) {
  if (entry.turn_ != 0) {
    unlink(entry);
  }
  entry.at_ = TimePoint::max();
}

std::optional<TimePoint> Deadlines::next() const {
  for (std::size_t turn = turn_; turn < turn_ + kSlots; ++turn) {
    if (slots_[turn % kSlots] != nullptr) {
      return start_ + turn * kTick;
    }
  }
  return std::nullopt;
}

void Deadlines::place(Entry& entry, std::size_t turn) {
  entry.turn_ = std::min(turn, turn_ + kSlots - 1);
  auto*& slot = slots_[entry.turn_ % kSlots];
  entry.previous_ = nullptr;
  entry.next_ = slot;
  if (slot != nullptr) {
    slot->previous_ = &entry;
  }
  slot = &entry;
}

void Deadlines::unlink(Entry& entry) {
  if (entry.previous_ != nullptr) {
    entry.previous_->next_ = entry.next_;
  } else if (slots_[entry.turn_ % kSlots] == &entry) {
    slots_[entry.turn_ % kSlots] = entry.next_;
  } else if (due_ == &entry) {
    due_ = entry.next_;
  }
  if (entry.next_ != nullptr) {
    entry.next_->previous_ = entry.previous_;
  }
  entry.previous_ = entry.next_ = nullptr;
  entry.turn_ = 0;
}

}  // namespace comments::net
