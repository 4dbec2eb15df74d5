#include "core/telemetry/process_metrics.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace comments {
namespace {

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The fields of /proc/self/stat, counted from 1 as proc(5) does.
double stat_field(std::size_t number) {
  const auto text = text_of("/proc/self/stat");
  const auto after_name = text.rfind(')');  // the second field may hold anything
  if (after_name == std::string::npos) {
    return 0;
  }
  std::istringstream fields(text.substr(after_name + 1));
  std::string field;
  for (std::size_t at = 2; at < number && fields >> field; ++at) {
  }
  return std::strtod(field.c_str(), nullptr);
}

double ticks_per_second() {
  return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double cpu_seconds() {
  constexpr std::size_t kUser = 14;
  constexpr std::size_t kSystem = 15;
  return (stat_field(kUser) + stat_field(kSystem)) / ticks_per_second();
}

double start_time_seconds() {
  constexpr std::size_t kStart = 22;  // since the machine has started
  constexpr std::string_view kBootTime = "btime ";
  const auto text = text_of("/proc/stat");
  const auto at = text.find(kBootTime);
  const auto boot =
      at == std::string::npos ? 0 : std::strtod(text.c_str() + at + kBootTime.size(), nullptr);
  return boot + stat_field(kStart) / ticks_per_second();
}

double open_descriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", error);
  if (error) {
    return 0;
  }
  const auto count = std::distance(begin(descriptors), end(descriptors));
  return static_cast<double>(count - 1);  // without the one that reads the folder
}

double max_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void expose_process(Metrics& metrics) {
  constexpr std::size_t kThreads = 20;
  constexpr std::size_t kVirtualBytes = 23;
  constexpr std::size_t kResidentPages = 24;
  metrics.counter({"process_cpu_seconds", "Processor time, of user and system.", "seconds"}, {},
                  cpu_seconds);
  metrics.gauge({"process_resident_memory_bytes", "Memory in use.", "bytes"}, {}, [] {
    return stat_field(kResidentPages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  });
  metrics.gauge({"process_virtual_memory_bytes", "Address space in use.", "bytes"}, {},
                [] { return stat_field(kVirtualBytes); });
  metrics.gauge({"process_open_fds", "Open file descriptors."}, {}, open_descriptors);
  metrics.gauge({"process_max_fds", "How many there may be."}, {}, max_descriptors);
  metrics.gauge({"process_start_time_seconds", "When the process began, since 1970.", "seconds"},
                {}, [started = start_time_seconds()] { return started; });
  metrics.gauge({"process_threads", "Threads."}, {}, [] { return stat_field(kThreads); });
}

}  // namespace comments
