// A Cloud Run service as `gcloud run services describe` tells it (Knative's v1 form).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ops/cloud/split.h"

namespace comments::ops {

struct Service {
  std::string url;
  std::string image;  // what the newest revision was made of
  std::string latest_created;
  std::string latest_ready;
  std::string not_ready;        // why the newest revision does not get ready; "" when all is well
  bool follows_latest = false;  // a new revision would get requests at once
  Split split;
  std::vector<Tag> tags;
  std::vector<std::pair<std::string, std::string>> tag_urls;

  std::string tag_url(std::string_view name) const;  // "" for none
  bool operator==(const Service&) const = default;
};

// nullopt: that is no such description. `image`: the repository of ours, which tells our container
// from those beside it.
std::optional<Service> parse_service(std::string_view json, std::string_view image);

// Of `run revisions describe`: what it was made of. "": that is no such description.
std::string parse_revision_image(std::string_view json, std::string_view image);

// Of `run services describe`: there is no such service. Its absence makes a first release, whose
// undo deletes the service: nothing else may be taken for it.
bool says_no_service(std::string_view standard_error);

// Whether gcloud failed because there is no such thing, and not for another reason.
bool says_not_found(std::string_view standard_error);

}  // namespace comments::ops
