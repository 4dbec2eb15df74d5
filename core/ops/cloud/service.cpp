#include "core/ops/cloud/service.h"

#include <algorithm>

#include "core/ops/cloud/json.h"

namespace comments::ops {
namespace {

// A list of targets may name a revision more than once: with a share, and with a tag.
void add_share(Split& split, const std::string& revision, int percent) {
  const auto known = std::find_if(split.begin(), split.end(),
                                  [&](const Share& share) { return share.revision == revision; });
  if (known != split.end()) {
    known->percent += percent;
  } else if (percent > 0) {
    split.push_back({revision, percent});
  }
}

void read_traffic(const Json& status, Service& service) {
  for (const auto& target : at(status, "/traffic")) {
    const auto revision = text_at(target, "/revisionName");
    add_share(service.split, revision, static_cast<int>(number_at(target, "/percent", 0)));
    if (const auto tag = text_at(target, "/tag"); !tag.empty()) {
      service.tags.push_back({tag, revision});
      service.tag_urls.emplace_back(tag, text_at(target, "/url"));
    }
  }
}

std::string image_of(const Json& containers, std::string_view repository) {
  std::string first;
  for (const auto& container : containers) {
    auto image = text_at(container, "/image");
    // Of that repository, not of one whose name is longer.
    if (image.starts_with(repository) &&
        (image.size() == repository.size() || image[repository.size()] == '@' ||
         image[repository.size()] == ':')) {
      return image;
    }
    first = first.empty() ? std::move(image) : first;
  }
  return first;
}

}  // namespace

std::string Service::tag_url(std::string_view name) const {
  const auto found = std::find_if(tag_urls.begin(), tag_urls.end(),
                                  [&](const auto& pair) { return pair.first == name; });
  return found == tag_urls.end() ? "" : found->second;
}

std::optional<Service> parse_service(std::string_view json, std::string_view image) {
  const auto document = parse_json(json);
  const auto& status = at(document, "/status");
  if (!status.is_object()) {
    return std::nullopt;
  }
  Service service{.url = text_at(status, "/url"),
                  .image = image_of(at(document, "/spec/template/spec/containers"), image),
                  .latest_created = text_at(status, "/latestCreatedRevisionName"),
                  .latest_ready = text_at(status, "/latestReadyRevisionName"),
                  .not_ready = {},
                  .split = {},
                  .tags = {},
                  .tag_urls = {}};
  read_traffic(status, service);
  for (const auto& target : at(document, "/spec/traffic")) {
    service.follows_latest = service.follows_latest || (flag_at(target, "/latestRevision") &&
                                                        number_at(target, "/percent", 0) > 0);
  }
  for (const auto& condition : at(status, "/conditions")) {
    if (text_at(condition, "/type") == "Ready" && text_at(condition, "/status") != "True") {
      service.not_ready = text_at(condition, "/message");
    }
  }
  return service;
}

std::string parse_revision_image(std::string_view json, std::string_view image) {
  return image_of(at(parse_json(json), "/spec/containers"), image);
}

bool says_no_service(std::string_view standard_error) {
  return standard_error.find("Cannot find service") != std::string_view::npos;
}

// Never a mere number: an error that tells an address has many. Nor "not found" alone, which may be
// a login.
bool says_not_found(std::string_view standard_error) {
  for (const auto* words :
       {"Cannot find ", "could not be found", "NOT_FOUND", "not found: 404", "HTTPError 404",
        "Image not found", "] not found", "' not found", "matched no objects"}) {
    if (standard_error.find(words) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace comments::ops
