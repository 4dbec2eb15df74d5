// What deploy and status need of the world beside commands, behind interfaces that a test can be.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/comment/comment.h"
#include "core/comment/result.h"
#include "core/ops/cloud/runner.h"

namespace comments::ops {

struct WebRequest {
  std::string url;  // without the path
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string json = {};  // posted, if not empty
  std::chrono::milliseconds deadline{10'000};
};

struct WebAnswer {
  int status = 0;
  std::string body;
  double seconds = 0;
};

// Safe for concurrent use.
class Web {
 public:
  virtual ~Web() = default;
  // Once, without following redirections; unavailable, with the reason, where nobody answers.
  virtual Result<WebAnswer> ask(const WebRequest& request) = 0;
};

class Time {
 public:
  virtual ~Time() = default;
  virtual Timestamp now() = 0;
  // False: a person wants to stop.
  virtual bool sleep(std::chrono::milliseconds time) = 0;
};

class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::string> read(const std::string& path) = 0;
  // Whole or not at all, and for the owner alone.
  virtual Result<void> write(const std::string& path, const std::string& content) = 0;
};

struct World {
  Runner& runner;
  Web& web;
  Time& time;
  Files& files;
};

}  // namespace comments::ops
