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
  auto& entry = feeds_[content_id.text()];
  auto feed = entry.lock();
  if (!feed) {
    feed = net::Feed::make();
    entry = feed;
  }
  return feed;
}

void Feeds::publish(const Committed& committed) {
  std::shared_ptr<net::Feed> feed;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = feeds_.find(committed.content_id.text()); found != feeds_.end()) {
      feed = found->second.lock();
    }
  }
  if (feed) {
    for (const auto& comment : committed.comments) {
      feed->publish(comment.id, event_text(committed.content_id, comment, emails_));
    }
  }
}

}  // namespace comments::api
