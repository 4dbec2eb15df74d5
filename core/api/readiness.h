// Where the process is in its life, as /health tells it.
#pragma once

#include <atomic>

namespace comments::api {

enum class Phase { starting, serving, draining };

// Safe for concurrent use.
class Readiness {
 public:
  Phase phase() const { return phase_; }
  void set(Phase phase) { phase_ = phase; }

 private:
  std::atomic<Phase> phase_ = Phase::starting;
};

}  // namespace comments::api
