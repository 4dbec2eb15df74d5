// GET /openapi.json: the contract for programs. The text is openapi.json beside this file.
#pragma once

#include "core/net/http.h"

namespace comments::api {

net::Response openapi();

}  // namespace comments::api
