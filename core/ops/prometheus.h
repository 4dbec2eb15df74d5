// A Prometheus, or Google's endpoint that speaks like one, with the account's token where it is
// Google's.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/ops/cloud/promql.h"
#include "core/ops/world.h"

namespace comments::ops {

// Safe for concurrent use, if `run` and `web` are. The token is asked for once, again when it has
// become too old, sent to nobody but https://*.googleapis.com, and shown nowhere.
class Prometheus {
 public:
  using Run = std::function<Outcome(const Command&)>;

  // `url`: the base address, to which /api/v1/query is added; "": there is none.
  Prometheus(std::string url, Web& web, Run run);

  // The series of an instant vector; unavailable, with the reason, where there is no answer.
  Result<std::vector<Answer>> ask(const std::string& query);

  bool is_google() const { return is_google_; }

  // A person wanted to stop while a token was asked for.
  bool was_interrupted() const { return was_interrupted_; }

 private:
  // Another one than `refused`.
  Result<std::string> token(const std::string& refused);

  const std::string url_;
  const bool is_google_;
  Web& web_;
  const Run run_;
  std::mutex mutex_;  // guards the next
  std::string token_;
  std::atomic<bool> was_interrupted_ = false;
};

// Whether a token of Google's may be sent there.
bool is_google_address(const std::string& url);

}  // namespace comments::ops
