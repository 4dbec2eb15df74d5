// What the server itself lets a transaction take: for what the client cannot end any more.
#pragma once

#include <chrono>

#include "core/store/postgres/connection.h"

namespace comments::postgres {

// For the transaction that is open, or, outside of one, for the calls of the same run(): how long a
// statement may take, and how long the transaction may wait for its next one; 0: for ever. A client
// that has given up, or that the network has swallowed, then holds no lock and no session for
// longer.
Call limits(std::chrono::milliseconds statement, std::chrono::milliseconds idle);

}  // namespace comments::postgres
