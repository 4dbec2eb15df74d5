#include "core/ops/cloud/git.h"

namespace comments::ops::git {
namespace {

constexpr std::chrono::seconds kQuestion{10};

}  // namespace

Command head() {
  return {.words = {"git", "rev-parse", "HEAD"}, .deadline = kQuestion};
}

Command time(const std::string& commit) {
  return {.words = {"git", "show", "--no-patch", "--format=%ct", commit}, .deadline = kQuestion};
}

Command changes() {
  return {.words = {"git", "status", "--porcelain"}, .deadline = kQuestion};
}

}  // namespace comments::ops::git
