// Which path is whose. A pattern is written as `/api/comment/list/{content_id}`; a part in braces
// takes any one segment, already decoded.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "core/net/target.h"

namespace comments::api {

enum class Endpoint {
  create_comment,
  list_comments,
  get_comment,
  count_comments,
  follow_comments,
  health_live,
  health_ready,
  health_startup,
  openapi,
  page_document,
  page_file,
  metrics,
};

struct Route {
  std::string_view method;  // GET stands for HEAD as well
  std::string_view pattern;
  Endpoint endpoint;
};

inline constexpr std::array kRoutes{
    Route{"POST", "/api/comment/new", Endpoint::create_comment},
    Route{"GET", "/api/comment/list/{content_id}", Endpoint::list_comments},
    Route{"GET", "/api/comment/list/{content_id}/{id}", Endpoint::get_comment},
    Route{"GET", "/api/comment/count", Endpoint::count_comments},
    Route{"GET", "/api/comment/stream/{content_id}", Endpoint::follow_comments},
    Route{"GET", "/health/live", Endpoint::health_live},
    Route{"GET", "/health/ready", Endpoint::health_ready},
    Route{"GET", "/health/startup", Endpoint::health_startup},
    Route{"GET", "/openapi.json", Endpoint::openapi},
    Route{"GET", "/", Endpoint::page_document},
    Route{"GET", "/page/{version}/{file}", Endpoint::page_file},
    Route{"GET", "/metrics", Endpoint::metrics},
};

// The route of `method` at that path, and every route there: none means 404, some but not ours 405.
struct Match {
  const Route* route = nullptr;
  std::vector<const Route*> at_path;
};

Match match(std::string_view method, const std::vector<std::string>& segments);

// The value of an Allow header.
std::string allowed_methods(const Match& match);

}  // namespace comments::api
