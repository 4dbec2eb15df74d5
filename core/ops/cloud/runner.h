// Who runs commands: child processes, or in a test a script of answers.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/ops/cloud/command.h"

namespace comments::ops {

struct Outcome {
  enum class End {
    exited,       // by itself, with exit_code
    signalled,    // exit_code is 128 and the signal's number, as shells say it
    not_started,  // there is no such program, or no process to be had; err says why
    deadline,     // ended by us
    interrupted,  // ended by us, because a person wants to stop
  };
  End end = End::exited;
  int exit_code = 0;
  std::string out;
  std::string err;

  bool ok() const { return end == End::exited && exit_code == 0; }
};

// Called with each line of a child's standard output as it comes, without its end of line.
using LineSink = std::function<void(std::string_view)>;

// Safe for concurrent use: independent commands run beside each other.
class Runner {
 public:
  virtual ~Runner() = default;
  // Returns when the command has ended, its deadline included.
  virtual Outcome run(const Command& command, const LineSink& on_line = {}) = 0;
  // Whether a process of this number runs on this machine.
  virtual bool is_running(int process) = 0;
};

// "gcloud … ended with 1: ERROR: …", for people: the last lines of what it said, secrets masked.
std::string describe(const Command& command, const Outcome& outcome);

}  // namespace comments::ops
