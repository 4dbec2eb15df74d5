// One thread that serves many connections: waits for whichever has something to do (epoll(7),
// edge-triggered), and never for one of them.
#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "core/net/connection.h"
#include "core/net/followers.h"
#include "core/net/mailbox.h"

namespace comments::net {

struct ReactorOptions {
  ConnectionOptions connection = {};
  std::size_t max_connections = 20'000;  // of all reactors together
  // After this, a drain ends though somebody still waits for an answer or takes one.
  std::chrono::milliseconds drain_limit{7'000};
};

class Reactor {
 public:
  // `connections` counts those of all reactors. Everything here must outlive this object.
  Reactor(const ReactorOptions& options, const Handler& handler, const Shortcut& shortcut,
          std::atomic<std::size_t>& connections);

  // Drains, if nobody has asked for that yet, and waits.
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Takes over a connected socket. From any thread.
  void adopt(int socket);

  // Begins to end: see Connection::on_drain. From any thread; returns at once.
  void drain();

  // Until it is drained; not from two threads at once.
  void wait();

  // From any thread.
  const ReactorCounts& counts() const { return counts_; }

 private:
  struct Place {
    std::unique_ptr<Connection> connection;
    std::uint32_t generation = 0;  // tells the present connection from earlier ones here
  };

  void run();
  void round();
  int wait_time() const;
  void update_clock();
  void on_message(Message message);
  void open(int socket);
  void begin_drain();
  void settle(std::uint64_t id);
  Connection* find(std::uint64_t id);

  const ReactorOptions& options_;
  const Handler& handler_;
  const Shortcut& shortcut_;
  std::atomic<std::size_t>& connections_;
  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  const int epoll_;

  ReactorCounts counts_;

  // The thread's own.
  Deadlines deadlines_{Clock::now()};
  std::string date_;
  std::int64_t date_second_ = 0;
  Surroundings around_;
  Followers followers_{mailbox_};
  std::vector<Place> places_;
  std::vector<std::uint32_t> free_places_;
  std::size_t open_ = 0;
  std::vector<std::uint64_t> unfinished_;
  TimePoint drain_ends_ = TimePoint::max();

  std::thread thread_;
};

}  // namespace comments::net
