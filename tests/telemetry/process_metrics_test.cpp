#include "core/telemetry/process_metrics.h"

#include <chrono>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include "tests/support/catch.h"

namespace comments::tests {
namespace {

class Process {
 public:
  Process() { expose_process(metrics_); }

  double value(const std::string& name) const {
    const auto text = metrics_.exposition(Metrics::Format::prometheus);
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }

 private:
  Metrics metrics_;
};

}  // namespace

TEST_CASE("a process knows what it holds", "[telemetry]") {
  const Process process;
  const auto resident = process.value("process_resident_memory_bytes");
  CHECK(resident > 1024 * 1024);
  CHECK(process.value("process_virtual_memory_bytes") >= resident);
  CHECK(process.value("process_max_fds") >= process.value("process_open_fds"));
}

TEST_CASE("a descriptor and a thread more are seen", "[telemetry]") {
  const Process process;
  const auto descriptors = process.value("process_open_fds");
  const int one_more = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  double threads = 0;
  double with_it = 0;
  // Counted from a first one: with that, a sanitizer's own thread begins.
  std::thread([&] {
    threads = process.value("process_threads");
    std::thread([&] { with_it = process.value("process_threads"); }).join();
  }).join();
  CHECK(process.value("process_open_fds") == descriptors + 1);
  CHECK(with_it == threads + 1);
  ::close(one_more);
}

TEST_CASE("processor time only grows, and the start stays", "[telemetry]") {
  const Process process;
  const auto before = process.value("process_cpu_seconds_total");
  const auto started = process.value("process_start_time_seconds");
  while (process.value("process_cpu_seconds_total") <= before) {  // the test's timeout is the end
  }
  CHECK(process.value("process_start_time_seconds") == started);
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  CHECK(started <= now.count());
  CHECK(started > now.count() - 3'600);
}

}  // namespace comments::tests
