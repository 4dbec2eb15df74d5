// One request on its way through the API, and what every endpoint may use to answer it.
#pragma once

#include <string>
#include <string_view>

#include "core/api/options.h"
#include "core/api/request_id.h"
#include "core/net/http.h"
#include "core/net/target.h"
#include "core/store/store.h"

namespace comments::api {

// What an answer that is ready still has to know of the request.
struct Asker {
  std::string_view if_none_match;
  std::string_view request_id;
  bool request_id_was_sent = false;
};

// Owns what it says of the request, so that another thread may answer it.
struct Call {
  Store& store;
  const Options& options;
  net::Target target;
  std::string if_none_match;
  std::string last_event_id;
  RequestId request_id;
  bool accepts_gzip = false;
  std::int64_t seen = 0;  // how many comments of the thread, as the client says

  Asker asker() const { return {if_none_match, request_id.text, request_id.was_sent}; }
};

// The segment of the path that is a thread's name.
inline Result<ContentId> content_id_of(const net::Target& target) {
  return ContentId::parse(target.segments.at(3));
}

}  // namespace comments::api
