// Writing: POST /api/comment/new.
#pragma once

#include <memory>

#include "core/api/call.h"
#include "core/api/post_limits.h"
#include "core/api/post_metrics.h"
#include "core/api/trail.h"

namespace comments::api {

// Says in the trail whose comment it is. Answers when the comment is stored, which is later and on
// another thread; needs then nothing that it does not share.
void create_comment(const Call& call, const net::Request& request, PostLimits& limits,
                    const std::shared_ptr<PostMetrics>& metrics, Trail& trail, net::Reply reply);

}  // namespace comments::api
