#include "core/ops/cloud/split.h"

#include <algorithm>

#include <fmt/format.h>

namespace comments::ops {

std::string split_text(const Split& split) {
  std::string text;
  for (const auto& share : split) {
    text += fmt::format("{}{} {} %", text.empty() ? "" : ", ", share.revision, share.percent);
  }
  return text.empty() ? "nobody" : text;
}

bool is_same_split(Split left, Split right) {
  const auto by_name = [](const Share& one, const Share& other) {
    return one.revision < other.revision;
  };
  std::sort(left.begin(), left.end(), by_name);
  std::sort(right.begin(), right.end(), by_name);
  return left == right;
}

std::string stable_revision(const Split& split) {
  const auto greatest = std::max_element(
      split.begin(), split.end(),
      [](const Share& left, const Share& right) { return left.percent < right.percent; });
  return greatest == split.end() ? "" : greatest->revision;
}

Split with_candidate(const Split& before, const std::string& candidate, int percent) {
  const auto stable = stable_revision(before);
  Split split;
  int left = 100 - percent;
  for (const auto& share : before) {
    if (share.revision != stable && share.revision != candidate) {
      const auto kept = share.percent * (100 - percent) / 100;
      split.push_back({share.revision, kept});
      left -= kept;
    }
  }
  // What rounding leaves over goes to the one that has most.
  if (!stable.empty() && stable != candidate) {
    split.insert(split.begin(), {stable, left});
    left = 0;
  }
  split.push_back({candidate, percent + left});
  std::erase_if(split, [](const Share& share) { return share.percent == 0; });
  return split;
}

}  // namespace comments::ops
