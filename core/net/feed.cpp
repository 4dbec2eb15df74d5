#include "core/net/feed.h"

#include <algorithm>

#include "core/net/mailbox.h"

namespace comments::net {

std::shared_ptr<Feed> Feed::make(Options options) {
  return std::shared_ptr<Feed>(new Feed(options));
}

void Feed::begin(std::int64_t last) {
  const std::lock_guard lock(mutex_);
  last_ = last_.value_or(last);
}

void Feed::publish(std::int64_t id, std::string_view bytes) {
  std::vector<std::shared_ptr<Mailbox>> to_tell;
  {
    const std::lock_guard lock(mutex_);
    if (last_ && id <= *last_) {
      return;
    }
    if (last_ && id != *last_ + 1) {
      events_.clear();
      bytes_ = 0;
    }
    events_.push_back({id, std::string(bytes)});
    bytes_ += bytes.size();
    last_ = id;
    piece_.reset();
    while (events_.size() > options_.max_events ||
           (bytes_ > options_.max_bytes && events_.size() > 1)) {
      bytes_ -= events_.front().bytes.size();
      events_.pop_front();
    }
    for (auto& listener : listeners_) {
      if (!std::exchange(listener.told, true)) {
        to_tell.push_back(listener.mailbox);
      }
    }
  }
  for (const auto& mailbox : to_tell) {
    mailbox->push(FeedNews{shared_from_this()});
  }
}

std::optional<Feed::Piece> Feed::after(std::int64_t id) const {
  const std::lock_guard lock(mutex_);
  if (!last_ || id >= *last_) {
    return Piece{.bytes = {}, .last = id};
  }
  if (events_.empty() || id + 1 < events_.front().id) {
    return std::nullopt;
  }
  if (!piece_ || piece_after_ != id) {
    auto text = std::make_shared<std::string>();
    for (auto at = events_.begin() + (id + 1 - events_.front().id); at != events_.end(); ++at) {
      *text += at->bytes;
    }
    const std::string_view view = *text;
    piece_ = Piece{.bytes = {std::move(text), view}, .last = *last_};
    piece_after_ = id;
  }
  return piece_;
}

std::optional<std::int64_t> Feed::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void Feed::attach(std::shared_ptr<Mailbox> mailbox) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back({std::move(mailbox)});
}

void Feed::news_taken(const Mailbox& mailbox) {
  const std::lock_guard lock(mutex_);
  for (auto& listener : listeners_) {
    if (listener.mailbox.get() == &mailbox) {
      listener.told = false;
    }
  }
}

void Feed::detach(const Mailbox& mailbox) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_,
                [&](const Listener& listener) { return listener.mailbox.get() == &mailbox; });
}

}  // namespace comments::net
