#include "core/api/server_metrics.h"

namespace comments::api {

void expose_server(Metrics& metrics, const net::Server& server) {
  const auto counted = [&server](std::int64_t net::Counts::*count) -> Metrics::Reading {
    return [&server, count] { return static_cast<double>(server.counts().*count); };
  };
  metrics.gauge({"http_server_active_requests", "Requests that wait for their answer."}, {},
                counted(&net::Counts::active_requests));
  metrics.gauge({"http_server_open_connections", "Connections of readers."}, {},
                [&server] { return static_cast<double>(server.connections()); });
  metrics.gauge({"http_server_max_connections",
                 "How many connections there may be; further ones are refused."},
                {}, [&server] { return static_cast<double>(server.max_connections()); });
  metrics.counter({"http_server_connections", "Connections that were taken on."}, {},
                  counted(&net::Counts::connections));
  metrics.counter({"http_server_turned_away",
                   "Connections that were closed without a word: far more than there may be."},
                  {}, counted(&net::Counts::turned_away));
  metrics.counter({"http_server_request_body_bytes", "Bodies that were received.", "bytes"}, {},
                  counted(&net::Counts::request_body_bytes));
  metrics.counter(
      {"http_server_response_body_bytes", "Bodies of answers, as they are sent.", "bytes"}, {},
      counted(&net::Counts::response_body_bytes));
}

}  // namespace comments::api
