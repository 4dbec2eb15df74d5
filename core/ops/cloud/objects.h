// What gcloud says of objects and images, read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace comments::ops {

// Of `storage objects describe`: the object's generation.
std::optional<std::string> parse_generation(std::string_view json);

// Of `storage cp --print-created-message`: the generation of what was written.
std::optional<std::string> created_generation(std::string_view standard_error);

// Whether a write or a removal failed because the object is not of the expected generation.
bool says_precondition_failed(std::string_view standard_error);

// Of `storage ls`: the addresses, a line each.
std::vector<std::string> parse_listing(std::string_view text);

// Of `artifacts docker images describe`: "sha256:…".
std::optional<std::string> parse_digest(std::string_view json);

// Of `auth list`: the account in use.
std::optional<std::string> parse_account(std::string_view json);

}  // namespace comments::ops
