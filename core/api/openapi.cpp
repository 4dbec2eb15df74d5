#include "core/api/openapi.h"

#include "core/api/responses.h"

namespace comments {
std::string_view openapi_json();  // embedded by core/CMakeLists.txt
}

namespace comments::api {

net::Response openapi() {
  auto response = json_response(200, std::string(openapi_json()));
  response.headers.emplace_back("Cache-Control", "public, max-age=300");
  return response;
}

}  // namespace comments::api
