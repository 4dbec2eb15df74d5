// Writing: POST /api/comment/new.
#pragma once

#include "core/api/call.h"
#include "core/api/post_limits.h"
#include "core/api/post_metrics.h"

namespace comments::api {

// Answers when the comment is stored, which is later and on another thread.
void create_comment(const Call& call, const net::Request& request, PostLimits& limits,
                    PostMetrics& metrics, net::Reply reply);

}  // namespace comments::api
