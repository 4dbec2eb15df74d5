#include "core/net/connection.h"

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/pending_reply.h"
#include "core/net/response_text.h"

namespace comments::net {
namespace {

constexpr int kRequestTimeout = 408;
constexpr int kInternalServerError = 500;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// A body this large is sent from where it lies; a smaller one is cheaper to copy.
constexpr std::size_t kWorthSharing = std::size_t{16} * 1024;
// Of what comes after the last answer; whoever sends more gets a reset.
constexpr std::size_t kMaxThrownAway = std::size_t{64} * 1024;
// What a client may send ahead while an answer is pending.
constexpr std::size_t kMaxSentAhead = std::size_t{16} * 1024;
constexpr int kReadsInTurn = 4;

std::chrono::milliseconds time_for(std::size_t bytes, std::chrono::milliseconds base) {
  constexpr std::size_t kBytesPerSecond = std::size_t{16} * 1024;
  return base + std::chrono::seconds(bytes / kBytesPerSecond);
}

}  // namespace

Connection::Connection(int socket, std::uint64_t id, std::string peer, Surroundings& around)
    : socket_(socket),
      id_(id),
      peer_(std::move(peer)),
      around_(around),
      framer_(around.options.limits) {
  renew_deadline();
}

Connection::~Connection() {
  set_pending(false);
  around_.deadlines.clear(*this);
  ::close(socket_);
}

bool Connection::may_read() const {
  if (over_ || input_ended_) {
    return false;
  }
  const bool busy = pending_ || !outbox_.empty();
  return !busy || following_ || framer_.buffered() < kMaxSentAhead;
}

bool Connection::may_dispatch() const {
  return framer_.state() == Framer::State::complete && !pending_ && outbox_.empty() &&
         !last_answer_ && !over_;
}

void Connection::on_readable() {
  readable_ = true;
  for (int turn = 0; turn < kReadsInTurn && unfinished(); ++turn) {
    auto& room = around_.input;
    const auto got = ::recv(socket_, room.data(), room.size(), 0);
    if (got > 0) {
      // A short read leaves nothing, except for an end that came with the same event.
      readable_ = static_cast<std::size_t>(got) == room.size() || end_in_sight_;
      take_input(std::string_view(room).substr(0, static_cast<std::size_t>(got)));
    } else if (got == 0) {
      input_ended_ = true;
      over_ = following_.has_value() || lingering_;
      flush();
    } else if (errno == EAGAIN) {
      readable_ = false;
    } else if (errno != EINTR) {
      over_ = true;
    }
  }
}

void Connection::on_input_end() {
  end_in_sight_ = true;
  on_readable();
}

void Connection::take_input(std::string_view bytes) {
  if (lingering_) {
    thrown_away_ += bytes.size();
    over_ = over_ || thrown_away_ > kMaxThrownAway;
  } else if (!following_ && !last_answer_) {
    framer_.append(bytes);
    process();
  }
}

void Connection::process() {
  do {
    while (may_dispatch()) {
      dispatch();
    }
    const bool free = !pending_ && outbox_.empty() && !last_answer_ && !over_;
    if (free && framer_.state() == Framer::State::refused) {
      refuse(framer_.refusal());
    } else if (free && framer_.take_expectation()) {
      around_.output += kContinue;
    }
    flush();
  } while (may_dispatch());
}

void Connection::dispatch() {
  const auto& head = framer_.head();
  head_only_ = head.method == "HEAD";
  http_1_0_ = head.http_1_0;
  keep_alive_ = head.keep_alive;
  handle({.method = head.method,
          .target = head.target,
          .headers = head.fields,
          .body = framer_.body(),
          .peer = peer_,
          .received = around_.now});
  around_.counts.request_body_bytes.add(static_cast<std::int64_t>(framer_.body().size()));
  framer_.pop();
  wait_ = Wait::request;  // what follows it has a deadline of its own
}

void Connection::refuse(int status) {
  impolite_ = true;
  head_only_ = http_1_0_ = keep_alive_ = false;
  handle({.peer = peer_, .fault = status});
  flush();
}

void Connection::handle(const Request& request) {
  if (request.fault == 0 && around_.shortcut) {
    if (auto ready = around_.shortcut(request)) {
      send(*std::move(ready));
      return;
    }
  }
  set_pending(true);
  const auto reply = std::make_shared<PendingReply>(
      around_.mailbox, RequestId{.connection = id_, .number = ++request_number_});
  try {
    around_.handler(request, [reply](Response response) { reply->deliver(std::move(response)); });
  } catch (...) {  // a bug, or out of memory
    if (request.fault == 0) {
      (void)reply->handler_returned();
      handle({.peer = peer_, .fault = kInternalServerError});
      return;
    }
  }
  if (auto answer = reply->handler_returned()) {
    send(*std::move(answer));
  } else if (request.fault != 0) {
    over_ = true;
  }
}

void Connection::set_pending(bool pending) {
  if (pending != pending_) {
    around_.counts.active_requests.add(pending ? 1 : -1);
    pending_ = pending;
  }
}

void Connection::on_answer(LateAnswer answer) {
  if (!pending_ || answer.request.number != request_number_) {
    return;
  }
  if (answer.response) {
    send(*std::move(answer.response));
  } else {
    handle({.peer = peer_, .fault = kInternalServerError});
  }
  process();
}

void Connection::send(Response response) {
  set_pending(false);
  if (response.follow || (around_.draining && keep_alive_)) {
    keep_alive_ = false;
    impolite_ = true;
  }
  const Delivery delivery{.date = around_.date,
                          .head_only = head_only_,
                          .http_1_0 = http_1_0_,
                          .keep_alive = keep_alive_};
  append_head(around_.output, response, delivery);
  if (sends_body(response, delivery)) {
    around_.counts.response_body_bytes.add(static_cast<std::int64_t>(response.body_size()));
    if (response.shared.bytes.size() < kWorthSharing) {
      around_.output.append(response.shared.bytes).append(response.body);
    } else {
      outbox_.add(std::exchange(around_.output, {}));
      outbox_.add(std::move(response.shared));
      outbox_.add(std::move(response.body));
    }
    if (response.follow && !around_.draining) {
      following_ = std::move(response.follow);
      return;
    }
  }
  last_answer_ = !keep_alive_;
}

// Sends what the present event has written, and what is left from earlier ones.
void Connection::flush() {
  auto& output = around_.output;
  if (!output.empty() && outbox_.empty() && !over_) {
    const auto sent = ::send(socket_, output.data(), output.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      output.erase(0, static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      over_ = true;
    }
  }
  if (!output.empty() && !over_) {
    outbox_.add(std::exchange(output, {}));
  }
  output.clear();
  if (!outbox_.empty() && !over_) {
    over_ = outbox_.flush(socket_) == SendOutcome::broken;
  }
  const bool idle = !pending_ && outbox_.empty() && framer_.state() != Framer::State::complete;
  if (input_ended_ && idle) {
    over_ = true;
  } else if (last_answer_ && outbox_.empty() && !lingering_) {
    finish();
  }
  renew_deadline();
}

// Everything is sent. Closing while the other side still sends would reset the connection, and
// might take the answer away from it (RFC 9112, section 9.6).
void Connection::finish() {
  if (!impolite_) {
    over_ = true;
    return;
  }
  ::shutdown(socket_, SHUT_WR);
  lingering_ = true;
}

Connection::Wait Connection::present_wait() const {
  if (lingering_) {
    return Wait::linger;
  }
  if (!outbox_.empty()) {
    return Wait::transfer;
  }
  if (following_) {
    return Wait::heartbeat;
  }
  if (pending_ || framer_.state() == Framer::State::empty) {
    return Wait::request;
  }
  return framer_.state() == Framer::State::head ? Wait::head : Wait::body;
}

// A deadline for something that must come to an end stands from its beginning: progress by drops
// does not move it.
void Connection::renew_deadline() {
  if (over_) {
    return;
  }
  const auto& options = around_.options;
  const auto was = std::exchange(wait_, present_wait());
  const auto set_in = [&](std::chrono::milliseconds time) {
    around_.deadlines.set(*this, around_.now + time);
  };
  if (wait_ == Wait::request) {
    set_in(around_.draining ? options.drain_patience : options.idle_time);
  } else if (wait_ == Wait::heartbeat) {
    set_in(options.heartbeat_every);
  } else if (wait_ != was) {
    set_in(wait_ == Wait::linger ? (around_.draining ? options.drain_patience : options.linger_time)
           : wait_ == Wait::head ? options.transfer_time
           : wait_ == Wait::body ? time_for(framer_.expected_body(), options.transfer_time)
                                 : time_for(outbox_.size(), options.transfer_time));
  }
}

void Connection::on_writable() {
  if (outbox_.empty()) {
    return;
  }
  over_ = outbox_.flush(socket_) == SendOutcome::broken;
  if (over_ || !outbox_.empty()) {
    return;
  }
  wait_ = Wait::request;
  if (following_) {
    send_news();
  } else {
    process();
  }
}

void Connection::on_deadline() {
  switch (wait_) {
    case Wait::linger:
    case Wait::transfer:
      over_ = true;
      break;
    case Wait::heartbeat:
      around_.output += following_->heartbeat;
      flush();
      break;
    case Wait::request:
      over_ = !pending_;
      renew_deadline();
      break;
    case Wait::head:
    case Wait::body:
      refuse(kRequestTimeout);
      break;
  }
}

void Connection::send_news() {
  if (!outbox_.empty() || last_answer_) {
    return;  // it is behind, and gets the rest when it has taken this
  }
  auto news = following_->feed->after(following_->after);
  if (!news) {
    over_ = true;  // too far behind
    return;
  }
  if (!news->bytes.bytes.empty()) {
    following_->after = news->last;
    outbox_.add(std::move(news->bytes));
    flush();
  }
}

void Connection::on_drain() {
  if (following_) {
    around_.output += following_->farewell;
    last_answer_ = true;
    impolite_ = false;
    flush();
  } else {
    renew_deadline();
  }
}

}  // namespace comments::net
