// Reading: a thread or a page of it, one comment, how many there are.
#pragma once

#include <atomic>

#include "core/api/call.h"

namespace comments::api {

// GET /api/comment/list/{content_id}
net::Response list_comments(const Call& call, std::atomic<int>& long_lists);

// GET /api/comment/list/{content_id}/{id}
net::Response get_comment(const Call& call);

// GET /api/comment/count?content_id=…&content_id=…
net::Response count_comments(const Call& call);

}  // namespace comments::api
