#include "core/api/openapi.h"

#include "core/api/responses.h"

namespace comments {
extern const std::string_view kOpenapiJson;  // embedded by core/CMakeLists.txt
}

namespace comments::api {

net::Response openapi() {
  auto response = json_response(200, std::string(kOpenapiJson));
  response.headers.emplace_back("Cache-Control", "public, max-age=300");
  return response;
}

}  // namespace comments::api
