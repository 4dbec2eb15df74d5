#include "core/api/feeds.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/wire/bodies.h"

namespace comments::api {

std::string event_text(const ContentId& content_id, const Comment& comment,
                       EmailVisibility emails) {
  std::string text = fmt::format("id: {}\nevent: comment\ndata: ", comment.id);
  append_comment(text, content_id, comment, {View::full, emails});
  text += "\n\n";
  return text;
}

std::shared_ptr<net::Feed> Feeds::of(const ContentId& content_id) {
  const std::lock_guard lock(mutex_);
  if (feeds_.size() >= sweep_at_) {
    std::erase_if(feeds_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max<std::size_t>(64, 2 * feeds_.size());
  }
  auto& entry = feeds_[content_id];
  auto feed = entry.lock();
  if (!feed) {
    feed = net::Feed::make();
    entry = feed;
  }
  return feed;
}

std::shared_ptr<net::Feed> Feeds::find(const ContentId& content_id) {
  const std::lock_guard lock(mutex_);
  const auto found = feeds_.find(content_id);
  return found == feeds_.end() ? nullptr : found->second.lock();
}

bool Feeds::publish(const Committed& committed) {
  const auto feed = find(committed.content_id);
  if (!feed) {
    return true;
  }
  const auto last = feed->last();
  if (committed.comments.empty() || (last && committed.comments.front().id > *last + 1)) {
    return false;
  }
  append(committed.content_id, committed.comments);
  return true;
}

void Feeds::append(const ContentId& content_id, std::span<const Comment> comments) {
  if (const auto feed = find(content_id)) {
    for (const auto& comment : comments) {
      feed->publish(comment.id, event_text(content_id, comment, emails_));
      metrics_.events.add();
    }
  }
}

std::vector<ContentId> Feeds::followed() {
  const std::lock_guard lock(mutex_);
  std::vector<ContentId> threads;
  for (const auto& [content_id, feed] : feeds_) {
    if (!feed.expired()) {
      threads.push_back(content_id);
    }
  }
  return threads;
}

std::optional<std::int64_t> Feeds::last(const ContentId& content_id) {
  const auto feed = find(content_id);
  return feed ? feed->last() : std::nullopt;
}

}  // namespace comments::api
