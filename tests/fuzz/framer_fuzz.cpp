#include <vector>

#include "core/net/framer.h"
#include "tests/fuzz/target.h"

namespace {

using comments::fuzz::must_hold;
using comments::net::Framer;
using comments::net::Limits;

// What a connection would have seen: one line a request, and the refusal at the end.
std::vector<std::string> seen(std::string_view bytes, std::size_t step) {
  static constexpr Limits kLimits{.head = 512, .target = 128, .fields = 8, .body = 256};
  Framer framer(kLimits);
  std::vector<std::string> seen;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    auto state = framer.append(bytes.substr(at, step));
    for (; state == Framer::State::complete; state = framer.pop()) {
      const auto& head = framer.head();
      must_hold(!head.method.empty() && !head.target.empty(), "a request has method and target");
      must_hold(head.target == "*" || head.target.front() == '/', "a target is origin-form or *");
      must_hold(framer.body().size() <= kLimits.body, "a body is within its limit");
      must_hold(head.fields.size() <= kLimits.fields, "fields are within their limit");
      for (const auto& [name, value] : head.fields) {
        must_hold(!name.empty(), "a field has a name");
        must_hold(value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos,
                  "a value is one line");
      }
      seen.push_back(std::string(head.method) + ' ' + std::string(head.target) + ' ' +
                     std::string(framer.body()));
    }
    if (state == Framer::State::refused) {
      must_hold(framer.refusal() >= 400 && framer.refusal() < 600, "a refusal has a status");
      seen.push_back(std::to_string(framer.refusal()));
      break;
    }
  }
  return seen;
}

}  // namespace

FUZZ_TARGET(framer) {
  const auto at_once = seen(input, input.size() + 1);
  must_hold(seen(input, 1) == at_once, "packets do not matter, byte by byte");
  must_hold(seen(input, 7) == at_once, "packets do not matter, in sevens");
}
