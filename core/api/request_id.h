// The name under which one request is found in answers and logs.
#pragma once

#include <string>
#include <string_view>

namespace comments::api {

// 1-128 characters of A-Z a-z 0-9 . _ -
bool is_request_id(std::string_view text);

// A new one: 16 hex digits, unique enough for a log.
std::string new_request_id();

}  // namespace comments::api
