// What a fuzz target is: a function that must hold for any input. `scripts/fuzz` looks for inputs
// that break one (libFuzzer); `fuzz_replay` runs those that are kept in corpus/.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace comments::fuzz {

using Target = void (*)(std::string_view input);

// All that are linked into this program, by name.
inline std::map<std::string, Target>& targets() {
  static std::map<std::string, Target> all;
  return all;
}

inline bool add_target(const char* name, Target target) {
  return targets().emplace(name, target).second;
}

// Ends the process, so that the input counts as one that breaks the rule.
inline void must_hold(bool holds, const char* rule) {
  if (!holds) {
    std::fprintf(stderr, "broken: %s\n", rule);
    std::abort();
  }
}

}  // namespace comments::fuzz

// FUZZ_TARGET(name) { … input … }
#define FUZZ_TARGET(name)                                                   \
  static void name(std::string_view input);                                 \
  static const bool name##_added = comments::fuzz::add_target(#name, name); \
  static void name(std::string_view input)
