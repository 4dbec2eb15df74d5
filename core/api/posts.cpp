#include "core/api/posts.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/api/request_metrics.h"
#include "core/api/responses.h"
#include "core/wire/bodies.h"
#include "core/wire/draft_json.h"
#include "core/wire/etag.h"
#include "core/wire/paths.h"

namespace comments::api {
namespace {

// A page of another site can send forms without asking, but not this media type: asking for it is
// the guard against forged cross-site posts, too.
bool is_json(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) {
    type.remove_suffix(1);
  }
  return net::equal_ignoring_case(type, "application/json");
}

// "" where there is none. A header without a value, or two of them, would be a key that its sender
// believes in and the store does not know.
Result<std::string_view> idempotency_key(const net::Request& request) {
  constexpr std::string_view kName = "Idempotency-Key";
  const auto sent = std::count_if(
      request.headers.begin(), request.headers.end(),
      [&](const net::HeaderView& header) { return net::equal_ignoring_case(header.first, kName); });
  const auto key = request.header(kName);
  if (sent > 1) {
    return Error{ErrorCode::bad_request, "send one Idempotency-Key, not several", {}};
  }
  if (sent == 1 && key.empty()) {
    return Error{ErrorCode::bad_request,
                 fmt::format("Idempotency-Key must be 1 to {} visible ASCII characters; leave the "
                             "header out to post without",
                             kMaxIdempotencyKeyBytes),
                 {}};
  }
  return key;
}

net::Response created(const ContentId& content_id, const Receipt& receipt, EmailVisibility emails) {
  auto response = json_response(200, created_body(content_id));
  response.headers.emplace_back("Location", comment_path(content_id, receipt.id));
  response.headers.emplace_back("ETag", etag_text(receipt.version, {View::seed, emails}));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

void create_comment(const Call& call, const net::Request& request, PostLimits& limits,
                    const std::shared_ptr<PostMetrics>& metrics, Trail& trail, net::Reply reply) {
  const auto refuse = [&](const Error& error) {
    metrics->refused(error.code);
    reply(error_response(error, call.request_id));
  };
  const auto slow_down = [&](std::string_view whose, std::chrono::milliseconds wait) {
    metrics->refused(ErrorCode::rate_limited);
    reply(rate_limited_response(whose, wait, call.request_id));
  };
  if (const auto wait = limits.count_sender(request)) {
    return slow_down("network address", *wait);
  }
  if (!is_json(request.header("Content-Type"))) {
    return refuse({ErrorCode::unsupported_media_type,
                   "send the comment as JSON, with Content-Type: application/json",
                   {}});
  }
  const auto coding = request.header("Content-Encoding");
  if (!coding.empty() && !net::equal_ignoring_case(coding, "identity")) {
    return refuse(
        {ErrorCode::unsupported_media_type, "send the body without a Content-Encoding", {}});
  }
  const auto key = idempotency_key(request);
  if (!key) {
    return refuse(key.error());
  }
  auto draft = parse_draft(request.body, *key);
  if (!draft) {
    return refuse(draft.error());
  }
  if (const auto wait = limits.count_email(draft->email())) {
    return slow_down("e-mail address", *wait);
  }
  auto content_id = draft->content_id();
  trail.is_probe = is_probe_thread(content_id.text());
  call.store.post(*std::move(draft),
                  [content_id = std::move(content_id), emails = call.options.emails,
                   request_id = call.request_id, metrics,
                   reply = std::move(reply)](const Result<Receipt>& receipt) {
                    if (!receipt) {
                      metrics->refused(receipt.error().code);
                      return reply(error_response(receipt.error(), request_id));
                    }
                    (receipt->replayed ? metrics->replayed : metrics->created).add();
                    reply(created(content_id, *receipt, emails));
                  });
}

}  // namespace comments::api
