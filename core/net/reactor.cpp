#include "core/net/reactor.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/peer.h"
#include "core/net/response_text.h"

namespace comments::net {
namespace {

constexpr int kServiceUnavailable = 503;
constexpr std::size_t kRoomForInput = std::size_t{64} * 1024;
constexpr std::uint64_t kMailboxId = ~std::uint64_t{0};
// Connections beyond the limit that are being told so; further ones are closed without a word.
constexpr std::size_t kBeingRefused = 256;

std::uint64_t id_of(std::uint32_t place, std::uint32_t generation) {
  return (std::uint64_t{generation} << 32) | place;
}

bool watch(int epoll, int descriptor, std::uint32_t events, std::uint64_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

}  // namespace

Reactor::Reactor(const ReactorOptions& options, const Handler& handler, const Shortcut& shortcut,
                 std::atomic<std::size_t>& connections)
    : options_(options),
      handler_(handler),
      shortcut_(shortcut),
      connections_(connections),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      around_{.options = options_.connection,
              .handler = handler_,
              .shortcut = shortcut_,
              .mailbox = mailbox_,
              .deadlines = deadlines_,
              .counts = counts_,
              .now = Clock::now(),
              .date = {},
              .input = std::string(kRoomForInput, '\0'),
              .output = {}} {
  watch(epoll_, mailbox_->descriptor(), EPOLLIN, kMailboxId);
  thread_ = std::thread([this] { run(); });
}

Reactor::~Reactor() {
  drain();
  wait();
  ::close(epoll_);
}

void Reactor::adopt(int socket) {
  mailbox_->push(NewSocket{socket});
}

void Reactor::drain() {
  mailbox_->push(Drain{});
}

void Reactor::wait() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Reactor::run() {
  while (!around_.draining || (open_ > 0 && around_.now < drain_ends_)) {
    round();
  }
  mailbox_->close();
  for (auto& place : places_) {
    if (place.connection) {
      place.connection.reset();
      --connections_;
    }
  }
}

void Reactor::round() {
  constexpr int kEvents = 256;
  std::array<epoll_event, kEvents> events;
  const int count = ::epoll_wait(epoll_, events.data(), kEvents, wait_time());
  update_clock();
  for (const auto id : std::exchange(unfinished_, {})) {
    if (auto* connection = find(id)) {
      connection->in_line = false;
      connection->on_readable();
      settle(id);
    }
  }
  for (int i = 0; i < count; ++i) {
    const auto& event = events.at(static_cast<std::size_t>(i));
    const auto id = event.data.u64;
    if (id == kMailboxId) {
      for (auto& message : mailbox_->take()) {
        on_message(std::move(message));
      }
      continue;
    }
    auto* connection = find(id);
    if (connection != nullptr && (event.events & EPOLLOUT) != 0) {
      connection->on_writable();
    }
    if (connection != nullptr && (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
      connection->on_input_end();
    } else if (connection != nullptr && (event.events & EPOLLIN) != 0) {
      connection->on_readable();
    }
    settle(id);
  }
  deadlines_.advance(around_.now, [this](Deadlines::Entry& entry) {
    auto& connection = static_cast<Connection&>(entry);
    connection.on_deadline();
    settle(connection.id());
  });
  followers_.run(
      [this](Connection& connection) {
        connection.send_news();
        settle(connection.id());
      },
      [] { return Clock::now(); });
}

// In milliseconds, as epoll_wait wants it.
int Reactor::wait_time() const {
  if (!unfinished_.empty()) {
    return 0;
  }
  auto next = drain_ends_;
  if (const auto deadline = deadlines_.next()) {
    next = std::min(next, *deadline);
  }
  if (const auto flush = followers_.next()) {
    next = std::min(next, *flush);
  }
  if (next == TimePoint::max()) {
    return -1;
  }
  if (next == TimePoint::min()) {
    return 0;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

void Reactor::update_clock() {
  around_.now = Clock::now();
  if (const auto second = std::time(nullptr); second != date_second_) {
    date_second_ = second;
    date_ = http_date(second);
    around_.date = date_;
  }
}

void Reactor::on_message(Message message) {
  if (auto* answer = std::get_if<LateAnswer>(&message)) {
    const auto id = answer->request.connection;
    if (auto* connection = find(id)) {
      connection->on_answer(std::move(*answer));
      settle(id);
    }
  } else if (const auto* fresh = std::get_if<NewSocket>(&message)) {
    open(fresh->socket);
  } else if (const auto* news = std::get_if<FeedNews>(&message)) {
    followers_.on_news(news->feed);
  } else if (!around_.draining) {
    begin_drain();
  }
}

void Reactor::open(int socket) {
  const auto in_use = connections_.fetch_add(1);
  if (in_use >= options_.max_connections + kBeingRefused) {
    --connections_;
    counts_.turned_away.add(1);
    ::close(socket);
    return;
  }
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(socket, F_SETFL, O_NONBLOCK);
  if (free_places_.empty()) {
    free_places_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.emplace_back();
  }
  const auto at = free_places_.back();
  free_places_.pop_back();
  auto& place = places_[at];
  const auto id = id_of(at, ++place.generation);
  place.connection = std::make_unique<Connection>(socket, id, peer_address(socket), around_);
  ++open_;
  counts_.connections.add(1);
  if (in_use >= options_.max_connections) {
    place.connection->refuse(kServiceUnavailable);
  }
  if (!watch(epoll_, socket, EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET, id)) {
    place.connection->give_up();
  }
  settle(id);
}

void Reactor::begin_drain() {
  around_.draining = true;
  drain_ends_ = around_.now + options_.drain_limit;
  for (std::uint32_t at = 0; at < places_.size(); ++at) {
    if (places_[at].connection) {
      places_[at].connection->on_drain();
      settle(id_of(at, places_[at].generation));
    }
  }
}

// After an event: what has become of the connection.
void Reactor::settle(std::uint64_t id) {
  auto* connection = find(id);
  if (connection == nullptr) {
    return;
  }
  const bool member = connection->place_among_followers != Connection::kNoPlace;
  if (connection->over()) {
    if (member) {
      followers_.leave(*connection);
    }
    const auto at = static_cast<std::uint32_t>(id);
    places_[at].connection.reset();
    free_places_.push_back(at);
    --open_;
    --connections_;
    return;
  }
  if (connection->following() != nullptr && !member) {
    followers_.join(*connection);
    connection->send_news();  // what came before it joined
    settle(id);
    return;
  }
  if (connection->unfinished() && !std::exchange(connection->in_line, true)) {
    unfinished_.push_back(id);
  }
}

Connection* Reactor::find(std::uint64_t id) {
  const auto at = static_cast<std::uint32_t>(id);
  return at < places_.size() && places_[at].generation == id >> 32 ? places_[at].connection.get()
                                                                   : nullptr;
}

}  // namespace comments::net
