// A small chart in one line of text.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace comments::cli {

// A character a value, ▁ to █, from 0 to the largest of them; a blank for what is not known.
std::string sparkline(std::span<const std::optional<double>> values);

}  // namespace comments::cli
