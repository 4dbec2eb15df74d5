// What a setting may be, where a range or a list of words does not say it. Each refuses a value
// with what to write instead; CLI11 runs them for flags, and settings.cpp for what comes from the
// environment or the config file, each naming the source.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace comments::cli {

// "64MiB": becomes the number of bytes. 0 to 1 TiB.
CLI::Validator byte_size();

// "500ms": becomes the number of seconds. `least` seconds to an hour.
CLI::Validator delay(double least = 0);

// "60/min": becomes the number a minute, 1 to a million. "off": becomes 0.
CLI::Validator rate();

// Origins with commas between them, or `*` for all; none is a list, too.
CLI::Validator origin_list();
std::vector<std::string> split_list(const std::string& list);

// 0 to 65535; a UsageError that names the source where the text is no such number.
int port_number(const std::string& text, const std::string& source);

// Printable ASCII: what cannot end a header and begin another.
CLI::Validator header_text();

}  // namespace comments::cli
