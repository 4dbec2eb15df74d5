// The nearest of some words to one that was mistyped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace comments::cli {

// "; did you mean 'serve'?", or "" where nothing is near.
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words);

}  // namespace comments::cli
