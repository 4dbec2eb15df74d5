// The reads that answer with little: one comment, and how many a thread has. Cheap enough to be
// asked of the store each time.
#pragma once

#include "core/api/call.h"

namespace comments::api {

// GET /api/comment/list/{content_id}/{id}
net::Response get_comment(const Call& call);

// GET /api/comment/count?content_id=…
net::Response count_comments(const Call& call);

}  // namespace comments::api
