// Clients that each wait for their answer before the next request, and what became of every one:
// the load of `scripts/bench overload`. wrk cannot tell refusals' times from answers'.
//
//     closed_loop PORT CLIENTS SECONDS POSTS_PERCENT RUN
//
// A request is a post, POSTS_PERCENT times in a hundred, or the newest 20 of a thread; to one of 50
// threads. RUN tells this run's comments from all others. Who is cut off connects again, at once.
// Prints a line of JSON: answered (2xx), refused (503) with their times, everything else by kind,
// and the 2xx in windows of 100 ms.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <random>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

namespace {

using Time = std::chrono::steady_clock;
using Millis = std::chrono::duration<double, std::milli>;

constexpr int kThreads = 50;
constexpr int kRefused = 503;
constexpr auto kWindow = std::chrono::milliseconds(100);

struct Plan {
  std::uint16_t port = 0;
  int clients = 0;
  std::chrono::seconds duration{};
  unsigned posts_percent = 0;
  std::string run;
};

struct Answered {
  Time::time_point at;
  float millis = 0;
};

struct Client {
  int socket = -1;
  Time::time_point asked;
  std::string input;
};

float percentile(std::vector<float> times, double share) {
  if (times.empty()) {
    return 0;
  }
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + at, times.end());
  return times[static_cast<std::size_t>(at)];
}

// The length of a whole answer at the beginning of `input`; 0 while it is incomplete.
std::size_t answer_length(std::string_view input) {
  const auto head = input.find("\r\n\r\n");
  if (head == std::string_view::npos) {
    return 0;
  }
  constexpr std::string_view kLength = "Content-Length: ";
  std::size_t body = 0;
  if (const auto at = input.substr(0, head).find(kLength); at != std::string_view::npos) {
    const auto digits = input.substr(at + kLength.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), body);
  }
  const auto whole = head + 4 + body;
  return input.size() >= whole ? whole : 0;
}

class Load {
 public:
  explicit Load(const Plan& plan)
      : plan_(plan), clients_(static_cast<std::size_t>(plan.clients)), epoll_(::epoll_create1(0)) {}

  void run() {
    begin_ = Time::now();
    const auto end = begin_ + plan_.duration;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      connect(i);
    }
    std::array<epoll_event, 512> events;
    while (Time::now() < end) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
      for (int i = 0; i < count; ++i) {
        on_event(events.at(static_cast<std::size_t>(i)).data.u64);
      }
    }
  }

  void print() const {
    const double seconds = std::chrono::duration<double>(plan_.duration).count();
    std::vector<float> all;
    std::map<std::int64_t, std::vector<float>> windows;
    for (const auto& one : answered_) {
      all.push_back(one.millis);
      windows[(one.at - begin_) / kWindow].push_back(one.millis);
    }
    std::string others;
    for (const auto& [what, count] : others_) {
      others += fmt::format("{}\"{}\":{}", others.empty() ? "" : ",", what, count);
    }
    std::string by_window;
    for (const auto& [at, times] : windows) {
      by_window += fmt::format("{}[{},{},{:.3f}]", by_window.empty() ? "" : ",", at, times.size(),
                               percentile(times, 0.99));
    }
    fmt::print(
        "{{\"answered_per_s\":{:.1f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"refused_per_s\":{:.1f},"
        "\"refused_p99_ms\":{:.3f},\"others\":{{{}}},\"windows\":[{}]}}\n",
        static_cast<double>(all.size()) / seconds, percentile(all, 0.5), percentile(all, 0.99),
        static_cast<double>(refused_.size()) / seconds, percentile(refused_, 0.99), others,
        by_window);
  }

 private:
  void connect(std::size_t at) {
    auto& client = clients_[at];
    client.input.clear();
    client.socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(plan_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const void* const plain = &address;
    if (::connect(client.socket, static_cast<const sockaddr*>(plain), sizeof address) != 0) {
      ++others_["not connected"];
      ::close(client.socket);
      client.socket = -1;
      return;
    }
    const int on = 1;
    ::setsockopt(client.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(client.socket, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = at;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.socket, &event);
    ask(at);
  }

  void ask(std::size_t at) {
    auto& client = clients_[at];
    const auto thread = random_() % kThreads;
    if (random_() % 100 < plan_.posts_percent) {
      const auto body =
          fmt::format(R"({{"email":"alice@example.com","comment":"{}-{} agrees","content_id":{}}})",
                      plan_.run, ++posted_, thread);
      request_ = fmt::format(
          "POST /api/comment/new HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          "Content-Length: {}\r\n\r\n{}",
          body.size(), body);
    } else {
      request_ = fmt::format(
          "GET /api/comment/list/{}?limit=20&order=desc HTTP/1.1\r\nHost: localhost\r\n\r\n",
          thread);
    }
    client.asked = Time::now();
    if (::send(client.socket, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) {
      reconnect(at, "not sent");
    }
  }

  void on_event(std::size_t at) {
    auto& client = clients_[at];
    std::array<char, 16384> room;
    const auto got = ::recv(client.socket, room.data(), room.size(), 0);
    if (got <= 0) {
      if (got == 0 || errno != EAGAIN) {
        reconnect(at, got == 0 ? "closed" : "reset");
      }
      return;
    }
    client.input.append(room.data(), static_cast<std::size_t>(got));
    const auto length = answer_length(client.input);
    if (length == 0) {
      return;
    }
    const auto now = Time::now();
    const auto millis = static_cast<float>(Millis(now - client.asked).count());
    const int status = std::atoi(client.input.substr(9, 3).c_str());
    if (status >= 200 && status < 300) {
      answered_.push_back({now, millis});
    } else if (status == kRefused) {
      refused_.push_back(millis);
    } else {
      ++others_[std::to_string(status)];
    }
    const bool last = std::string_view(client.input).substr(0, length).find("Connection: close") !=
                      std::string_view::npos;
    client.input.erase(0, length);
    if (last) {
      ::close(client.socket);
      connect(at);
    } else {
      ask(at);
    }
  }

  void reconnect(std::size_t at, const char* why) {
    ++others_[why];
    ::close(clients_[at].socket);
    connect(at);
  }

  const Plan& plan_;
  std::vector<Client> clients_;
  const int epoll_;
  Time::time_point begin_;
  std::minstd_rand random_{1};
  std::uint64_t posted_ = 0;
  std::string request_;
  std::vector<Answered> answered_;
  std::vector<float> refused_;
  std::map<std::string, std::uint64_t> others_;
};

}  // namespace

int main(int count, char** words) {
  if (count != 6) {
    fmt::print(stderr, "Usage: closed_loop PORT CLIENTS SECONDS POSTS_PERCENT RUN\n");
    return 2;
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const Plan plan{.port = static_cast<std::uint16_t>(std::atoi(words[1])),
                  .clients = std::atoi(words[2]),
                  .duration = std::chrono::seconds(std::atoi(words[3])),
                  .posts_percent = static_cast<unsigned>(std::atoi(words[4])),
                  .run = words[5]};
  Load load(plan);
  load.run();
  load.print();
}
