// Numbers as people read them: short, with their unit. None is negative.
#pragma once

#include <string>

namespace comments::cli {

// "1,234,567"; "1.23e+09" from a billion on.
std::string count_text(double number);

// "1,234", "12.3", "0.52", "0": three digits, or all that stand before the point.
std::string short_text(double number);

// "130/s"
std::string per_second(double number);

// "0.12 %", of 0 to 1.
std::string percent(double ratio);

// "0.52 ms", "1.20 s"
std::string duration(double seconds);

// "29.4 MiB", "1.50 GiB"
std::string bytes(double number);

// "3 h 12 min": the two largest units.
std::string time_text(double seconds);

}  // namespace comments::cli
