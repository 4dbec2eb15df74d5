// cpp-httplib as it comes, answering with the bytes in the file BENCH_LIST, on BENCH_PORT: a peer
// of `scripts/bench http`. TCP_NODELAY is on, without which it stalls, and keep-alive does not end.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <httplib.h>

int main() {
  constexpr int kThreads = 1'100;  // it holds one for each connection
  constexpr std::size_t kRequests = 1'000'000'000;
  // NOLINTBEGIN(concurrency-mt-unsafe): there is one thread yet
  const auto* const path = std::getenv("BENCH_LIST");
  const auto* const port = std::getenv("BENCH_PORT");
  // NOLINTEND(concurrency-mt-unsafe)
  if (path == nullptr || port == nullptr) {
    return 2;
  }
  std::ifstream file(path);
  const std::string list{std::istreambuf_iterator<char>(file), {}};
  httplib::Server server;
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(kRequests);
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.Get("/api/comment/list/1", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(list, "application/json");
  });
  return server.listen("127.0.0.1", std::atoi(port)) ? 0 : 1;
}
