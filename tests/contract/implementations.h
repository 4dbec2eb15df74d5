// Every implementation of Comments: the contract suite runs over each of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/comment/clock.h"
#include "core/comment/comments.h"

namespace comments::tests {

// An empty service, its clock in the test's hand, and whatever keeps it alive.
struct Subject {
  std::string name;
  std::shared_ptr<Comments> comments;
  std::shared_ptr<Timestamp> now;
};

struct Implementation {
  std::string name;
  std::function<Subject()> make;
};

const std::vector<Implementation>& implementations();

}  // namespace comments::tests
