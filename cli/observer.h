// Looking at a service from outside: its health, and the metrics on its admin port.
#pragma once

#include <chrono>
#include <optional>

#include "core/client/url.h"
#include "core/ops/service_status.h"

namespace comments::cli {

struct Target {
  ServiceUrl service;
  std::optional<ServiceUrl> admin;
};

// One request: the status without figures.
ops::ServiceStatus health_of(const Target& target);

// One thread at a time.
class Observer {
 public:
  explicit Observer(Target target) : target_(std::move(target)) {}

  // Two requests; to one that is unreachable, one. What its figures have of lately is since the
  // look before, if that had any.
  ops::ServiceStatus look();

 private:
  struct Taken {
    ops::Reading reading;
    std::chrono::steady_clock::time_point time;
  };

  void add_figures(const std::optional<Taken>& before, ops::ServiceStatus& status);

  const Target target_;
  std::optional<Taken> before_;
};

}  // namespace comments::cli
