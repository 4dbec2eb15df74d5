#include "core/store/postgres/session.h"

namespace comments::postgres {

Result<std::unique_ptr<Connection>> Sessions::open(Deadline until) {
  std::size_t server = server_;
  auto connection = Connection::open(url_, patience_.server, until, server, preparing_);
  if (!connection) {
    return connection;
  }
  server_ = server;
  const auto id = (*connection)->run({Call{{"", "SELECT id FROM store"}}}, until);
  if (!id) {
    return id.error();
  }
  if (id->front().size() != 1 ||
      static_cast<std::uint64_t>(id->front().integer(0, 0)) != store_id_) {
    return Error{ErrorCode::unavailable, "the comment store cannot be reached; retry shortly",
                 "the database is another one than at start; start again to serve it"};
  }
  return connection;
}

Error Sessions::unreachable() {
  return {ErrorCode::unavailable, "the comment store cannot be reached; retry shortly", {}};
}

}  // namespace comments::postgres
