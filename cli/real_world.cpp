#include "cli/real_world.h"

#include <chrono>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "core/client/fetch.h"
#include "core/comment/clock.h"
#include "core/process/child_runner.h"

namespace comments::cli {
namespace {

using Steady = std::chrono::steady_clock;

class HttpWeb : public ops::Web {
 public:
  Result<ops::WebAnswer> ask(const ops::WebRequest& request) override {
    const auto url = parse_service_url(request.url);
    if (!url) {
      return url.error();
    }
    const auto began = Steady::now();
    auto fetched = fetch(
        *url, FetchRequest{.path = request.path, .headers = request.headers, .json = request.json},
        {.time = request.deadline});
    if (!fetched) {
      return fetched.error();
    }
    const std::chrono::duration<double> took = Steady::now() - began;
    return ops::WebAnswer{
        .status = fetched->status, .body = std::move(fetched->body), .seconds = took.count()};
  }
};

class RealTime : public ops::Time {
 public:
  explicit RealTime(Interruption& interruption) : interruption_(interruption) {}

  Timestamp now() override { return system_now(); }

  bool sleep(std::chrono::milliseconds time) override {
    constexpr std::chrono::milliseconds kLook{100};
    const auto end = Steady::now() + time;
    while (Steady::now() < end) {
      if (interruption_.pending(interruption_.now())) {
        interruption_.meet();
        return false;
      }
      std::this_thread::sleep_for(
          std::min<Steady::duration>(kLook, std::max(Steady::duration(0), end - Steady::now())));
    }
    return true;
  }

 private:
  Interruption& interruption_;
};

class DiskFiles : public ops::Files {
 public:
  Result<std::string> read(const std::string& path) override {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    if (!file || !(content << file.rdbuf())) {
      return Error{ErrorCode::not_found, fmt::format("{} cannot be read", path), {}};
    }
    return std::move(content).str();
  }

  Result<void> write(const std::string& path, const std::string& content) override {
    const auto draft = path + ".new";
    const auto fault = [&](const char* what) {
      ::unlink(draft.c_str());
      return Error{ErrorCode::unavailable, fmt::format("{} cannot be {}", path, what), {}};
    };
    constexpr mode_t kOwner = 0600;
    const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwner);
    if (file < 0) {
      return fault("written: does its folder exist, and may you write there?");
    }
    const bool whole =
        ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    const bool closed = ::close(file) == 0;
    if (!whole || !closed || ::rename(draft.c_str(), path.c_str()) != 0) {
      return fault("written whole: is the disk full?");
    }
    return {};
  }
};

}  // namespace

struct RealWorld::Parts {
  Interruption interruption;
  std::unique_ptr<ops::Runner> runner = make_child_runner(interruption);
  HttpWeb web;
  RealTime time{interruption};
  DiskFiles files;
};

RealWorld::RealWorld() : parts_(std::make_unique<Parts>()) {}
RealWorld::~RealWorld() = default;

ops::World RealWorld::world() {
  return {*parts_->runner, parts_->web, parts_->time, parts_->files};
}

Interruption& RealWorld::interruption() {
  return parts_->interruption;
}

}  // namespace comments::cli
