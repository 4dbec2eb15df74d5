// Who gets how many of a service's requests.
#pragma once

#include <string>
#include <vector>

namespace comments::ops {

struct Share {
  std::string revision;
  int percent = 0;

  bool operator==(const Share&) const = default;
};

// In the order that Cloud Run lists it; the percents add up to 100, or it is empty: nobody.
using Split = std::vector<Share>;

struct Tag {
  std::string name;
  std::string revision;

  bool operator==(const Tag&) const = default;
};

// "a 95 %, b 5 %"; "nobody".
std::string split_text(const Split& split);

// Whether all get the same; the order, which gcloud changes, does not matter.
bool is_same_split(Split left, Split right);

// The revision with the greatest share, the first of equals; "" for nobody.
std::string stable_revision(const Split& split);

// What remains of `before` when `candidate` takes `percent`: the others keep their proportions,
// rounded so that all add up to 100. Nobody keeps a share of 0.
Split with_candidate(const Split& before, const std::string& candidate, int percent);

}  // namespace comments::ops
