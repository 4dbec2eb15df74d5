// One connection: from bytes to requests, from answers to bytes.
//
// Requests are answered in the order in which they came, one at a time; while one is pending, or
// its answer is not yet with the kernel, no further one is begun. All of it happens on one
// reactor's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/net/counts.h"
#include "core/net/deadlines.h"
#include "core/net/feed.h"
#include "core/net/framer.h"
#include "core/net/http.h"
#include "core/net/mailbox.h"
#include "core/net/outbox.h"

namespace comments::net {

struct ConnectionOptions {
  Limits limits = {};
  // For a whole head; for a whole body, or an answer that the other side is slow to take, with a
  // second more for every 16 KiB.
  std::chrono::milliseconds transfer_time{10'000};
  std::chrono::milliseconds idle_time{60'000};
  std::chrono::milliseconds heartbeat_every{15'000};  // on a connection that follows a feed
  // After the last answer of a connection whose other side still sends.
  std::chrono::milliseconds linger_time{2'000};
  // How long a draining server waits for a request that may be on its way.
  std::chrono::milliseconds drain_patience{500};
};

// What the connections of a reactor share; outlives them.
struct Surroundings {
  const ConnectionOptions& options;
  const Handler& handler;
  const Shortcut& shortcut;
  std::shared_ptr<Mailbox> mailbox;
  Deadlines& deadlines;
  ReactorCounts& counts;
  TimePoint now;          // of the present round
  std::string_view date;  // the same, for an answer's head
  bool draining = false;
  std::string input;   // room for one read
  std::string output;  // what the present event writes
};

class Connection : public Deadlines::Entry {
 public:
  // Takes over the socket (non-blocking).
  Connection(int socket, std::uint64_t id, std::string peer, Surroundings& around);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Events. After each, a connection that is over() is to be destroyed.
  void on_readable();
  void on_input_end();  // the other side has said its last: there is something to read up to that
  void on_writable();
  void on_deadline();
  void on_answer(LateAnswer answer);
  void on_drain();

  // For one connection too many: the answer without a request.
  void refuse(int status);

  // Sends what its feed has for it.
  void send_news();

  std::uint64_t id() const { return id_; }
  bool over() const { return over_; }
  void give_up() { over_ = true; }

  // Whether there is more to read at once: on_readable() leaves off so that others have their turn.
  bool unfinished() const { return readable_ && may_read(); }

  const Following* following() const { return following_ ? &*following_ : nullptr; }

  static constexpr std::size_t kNoPlace = ~std::size_t{0};
  std::size_t place_among_followers = kNoPlace;  // kept by Followers
  bool in_line = false;                          // to be read again: kept by Reactor

 private:
  // What the present deadline is for.
  enum class Wait { request, head, body, transfer, heartbeat, linger };

  bool may_read() const;
  bool may_dispatch() const;
  void take_input(std::string_view bytes);
  void process();
  void dispatch();
  void handle(const Request& request);
  void set_pending(bool pending);
  void send(Response response);
  void flush();
  void finish();
  Wait present_wait() const;
  void renew_deadline();

  const int socket_;
  const std::uint64_t id_;
  const std::string peer_;
  Surroundings& around_;
  Framer framer_;
  Outbox outbox_;
  std::optional<Following> following_;

  // Of the request that is being answered.
  std::uint64_t request_number_ = 0;
  bool pending_ = false;
  bool head_only_ = false;
  bool http_1_0_ = false;
  bool keep_alive_ = true;

  bool readable_ = false;      // the kernel may have more for us
  bool end_in_sight_ = false;  // the kernel has the end of the input, perhaps behind other bytes
  bool input_ended_ = false;   // the other side will send no more
  bool last_answer_ = false;   // when the outbox is empty, that was all
  bool impolite_ = false;      // ... and the other side may not expect it
  bool lingering_ = false;     // all is sent; what comes is thrown away
  std::size_t thrown_away_ = 0;
  bool over_ = false;
  Wait wait_ = Wait::request;
};

}  // namespace comments::net
