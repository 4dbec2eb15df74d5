#include "core/store/postgres/news.h"

#include <algorithm>
#include <charconv>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <fmt/format.h>

namespace comments::postgres {
namespace {

constexpr std::size_t kMaxPayload = 7'900;  // PostgreSQL takes less than 8,000 bytes
constexpr std::size_t kMaxUntold = 16'384;  // threads; beyond, nobody is told: they look anyway
constexpr std::chrono::milliseconds kPause{500};

constexpr Statement kNotify{"comments_notify_1", "SELECT pg_notify('comments', $1)"};

}  // namespace

std::vector<std::string> news_payloads(const std::map<std::string, std::int64_t>& versions) {
  std::vector<std::string> payloads;
  for (const auto& [content_id, version] : versions) {
    const auto line = fmt::format("{} {}\n", version, content_id);
    if (payloads.empty() || payloads.back().size() + line.size() > kMaxPayload) {
      payloads.emplace_back();
    }
    payloads.back() += line;
  }
  return payloads;
}

std::map<std::string, std::int64_t> parse_news(std::string_view payload) {
  std::map<std::string, std::int64_t> versions;
  while (!payload.empty()) {
    const auto line = payload.substr(0, payload.find('\n'));
    payload.remove_prefix(std::min(line.size() + 1, payload.size()));
    std::int64_t version = 0;
    const auto* end = line.data() + line.size();
    const auto [at, error] = std::from_chars(line.data(), end, version);
    if (error == std::errc() && at != end && *at == ' ') {
      auto& known = versions[std::string(at + 1, end)];
      known = std::max(known, version);
    }
  }
  return versions;
}

News::News(Sessions& sessions, Heard heard)
    : sessions_(sessions),
      heard_(std::move(heard)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this] { run(); }) {}

News::~News() {
  stopping_ = true;
  eventfd_write(wake_, 1);
  thread_.join();
  close(wake_);
}

void News::tell(const ContentId& content_id, std::int64_t version) {
  {
    const std::lock_guard lock(mutex_);
    if (to_tell_.size() >= kMaxUntold) {
      return;
    }
    auto& told = to_tell_[content_id.text()];
    told = std::max(told, version);
  }
  eventfd_write(wake_, 1);
}

void News::run() {
  std::unique_ptr<Connection> connection;
  while (!stopping_) {
    if (!connection && sessions_.is_reachable()) {
      connection = listen();
    }
    if (!connection) {
      rest();
    } else if (!exchange(*connection)) {
      connection.reset();
      rest();
    }
  }
}

// Null where that cannot be had now.
std::unique_ptr<Connection> News::listen() {
  auto connection = sessions_.open(in(sessions_.patience().server));
  if (!connection || !(*connection)->listen("comments", in(sessions_.patience().server))) {
    return nullptr;
  }
  return *std::move(connection);
}

// Hears and tells once, waiting for something to do; false when the connection is of no use.
bool News::exchange(Connection& connection) {
  std::vector<Notification> heard;
  if (!connection.take_notifications(heard)) {
    return false;
  }
  for (const auto& [payload, sender] : heard) {
    if (sender == connection.backend()) {
      continue;
    }
    for (const auto& [name, version] : parse_news(payload)) {
      if (const auto content_id = ContentId::parse(name)) {
        heard_(*content_id, version);
      }
    }
  }
  std::map<std::string, std::int64_t> to_tell;
  {
    const std::lock_guard lock(mutex_);
    to_tell.swap(to_tell_);
  }
  for (auto& payload : news_payloads(to_tell)) {
    if (!connection.run({Call{kNotify, {std::move(payload)}}}, in(sessions_.patience().request))) {
      return false;
    }
  }
  if (heard.empty() && to_tell.empty()) {
    wait(connection.socket(), kPause);
  }
  return true;
}

// Until there is something to tell or to hear, or the time is over.
void News::wait(int socket, std::chrono::milliseconds time) const {
  pollfd waiting[] = {{.fd = wake_, .events = POLLIN, .revents = 0},
                      {.fd = socket, .events = POLLIN, .revents = 0}};
  poll(waiting, 2, static_cast<int>(time.count()));
  eventfd_t ignored = 0;
  eventfd_read(wake_, &ignored);
}

// Before connecting again, whatever there is to tell.
void News::rest() const {
  const auto end = in(kPause);
  for (auto now = std::chrono::steady_clock::now(); !stopping_ && now < end;
       now = std::chrono::steady_clock::now()) {
    wait(-1, std::chrono::ceil<std::chrono::milliseconds>(end - now));
  }
}

}  // namespace comments::postgres
