// Following a thread: GET /api/comment/stream/{content_id}, server-sent events.
#pragma once

#include "core/api/call.h"
#include "core/api/feeds.h"
#include "core/api/room.h"
#include "core/api/stream_metrics.h"

namespace comments::api {

// What is new; with a Last-Event-ID header or ?after=, first everything after that comment, which
// takes room until it has left.
net::Response follow_comments(const Call& call, Feeds& feeds, Room& room, StreamMetrics& metrics);

}  // namespace comments::api
