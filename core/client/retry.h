// What both ways of calling a service agree on when it cannot answer just now.
#pragma once

#include <chrono>

namespace comments {

// 429, 502, 503, 504: the same request may well succeed later.
bool asks_to_come_back(int http_status);

// Half of the pause to all of it, at random: many clients do not come back in one moment.
std::chrono::milliseconds spread(std::chrono::milliseconds pause);

}  // namespace comments
