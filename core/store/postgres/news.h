// What instances tell each other of their commits, over LISTEN and NOTIFY: an accelerator. Nothing
// depends on it, for what readers see is looked after every second; with it, they see what another
// instance has stored within milliseconds.
//
// Told after the commit and apart from it: a NOTIFY inside the transaction would make all commits
// of the database queue up behind one lock, and an engine that has none of this would fail posts.
// Where the server knows no LISTEN, or a pooler in transaction mode swallows it, nothing is heard.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/comment/comments.h"
#include "core/store/postgres/session.h"

namespace comments::postgres {

// "<version> <content_id>" lines, each text at most as long as a NOTIFY takes. Pure.
std::vector<std::string> news_payloads(const std::map<std::string, std::int64_t>& versions);
std::map<std::string, std::int64_t> parse_news(std::string_view payload);

// Safe for concurrent use. Has a thread and a connection of its own.
class News {
 public:
  using Heard = std::function<void(const ContentId&, std::int64_t version)>;

  // `heard` is called on the thread, with what other instances tell.
  News(Sessions& sessions, Heard heard);
  ~News();
  News(const News&) = delete;
  News& operator=(const News&) = delete;

  // Tells the others. Never waits; what cannot be told is dropped.
  void tell(const ContentId& content_id, std::int64_t version);

 private:
  void run();
  std::unique_ptr<Connection> listen();
  bool exchange(Connection& connection);
  void wait(int socket, std::chrono::milliseconds time) const;
  void rest() const;

  Sessions& sessions_;
  const Heard heard_;
  const int wake_;  // an eventfd

  std::mutex mutex_;  // guards the next
  std::map<std::string, std::int64_t> to_tell_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace comments::postgres
