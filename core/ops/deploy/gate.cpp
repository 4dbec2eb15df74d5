#include "core/ops/deploy/gate.h"

#include <array>

#include <fmt/format.h>

#include "core/ops/deploy/steps.h"
#include "core/ops/deploy/watch_terraform.h"
#include "core/wire/answers.h"
#include "core/wire/bodies.h"
#include "core/wire/paths.h"

namespace comments::ops {
namespace {

constexpr std::chrono::seconds kPatience{
    60};  // a cold start, and the time until an address is known
constexpr std::chrono::milliseconds kPause{500};
constexpr std::string_view kEmail = "probe@example.com";

std::string said(const Result<WebAnswer>& answer) {
  return answer ? fmt::format("it answered {}: {}", answer->status, answer->body.substr(0, 200))
                : answer.error().message;
}

bool is(const Result<WebAnswer>& answer, int status, std::string_view body) {
  return answer && answer->status == status && answer->body == body;
}

// An answer that may come right later: the address is new, the instance starts.
template <class Check>
std::string patiently(Release& release, const Check& check) {
  const auto end = release.world.time.now() + kPatience;
  auto fault = check();
  while (!fault.empty() && release.world.time.now() < end) {
    release.tell(Event::Kind::progress, "not yet: " + fault);
    if (!release.world.time.sleep(kPause)) {
      return fault;
    }
    fault = check();
  }
  return fault;
}

}  // namespace

std::string not_ours(Release& release, const std::string& url) {
  const auto answer = release.world.web.ask({.url = url, .path = "/health/ready"});
  if (!answer) {
    return answer.error().message;
  }
  const auto health = parse_health(answer->body);
  if (!health || answer->status != 200) {
    return fmt::format("{}/health/ready is not ready: {}", url, said(answer));
  }
  return health->commit == release.commit
             ? ""
             : fmt::format("{} answers with commit {}", url, health->commit);
}

std::string broken_contract(Release& release, const std::string& url) {
  auto& web = release.world.web;
  const auto name = "_probe-" + release.commit.substr(0, 12);
  const auto thread = *ContentId::parse(name);
  const auto nobodys = *ContentId::parse(name + "-nobody");
  const auto text = "probe of " + release.commit;
  const auto emails =
      parse_email_visibility(release.settings.email_visibility).value_or(EmailVisibility::raw);

  const auto post =
      web.ask({.url = url,
               .path = std::string(kNewCommentPath),
               .headers = {{"Idempotency-Key", name}},
               .json = fmt::format(R"({{"email":"{}","comment":"{}","content_id":"{}"}})", kEmail,
                                   text, name)});
  if (!is(post, 200, created_body(thread))) {
    return "a post is not kept: " + said(post);
  }
  const Comment expected{.id = 1, .email = std::string(kEmail), .comment = text, .created_at = {}};
  const auto list = web.ask({.url = url, .path = list_path(thread)});
  if (!is(list, 200, list_body(thread, std::array{expected}, {.emails = emails}))) {
    return "a list is not as the contract has it: " + said(list);
  }
  const auto nothing = web.ask({.url = url, .path = list_path(nobodys)});
  if (!is(nothing, 404, no_thread_body(nobodys))) {
    return "a thread that nobody wrote in is not as the contract has it: " + said(nothing);
  }
  return "";
}

namespace steps {

StepResult gate(Release& release) {
  if (auto fault = release.advance(Phase::gate)) {
    return *fault;
  }
  if (auto fault = release.describe_service()) {
    return *fault;
  }
  auto& url = release.candidate_url;
  url = release.service ? release.service->tag_url(kCandidateTag) : "";
  if (url.empty()) {
    return failed("the new revision has no address of its own: its tag is gone");
  }
  if (const auto& given = release.settings.candidate_url; !given.empty()) {
    url = given;  // Cloud Run's own is closed behind a load balancer
  }
  if (auto fault = patiently(release, [&] { return not_ours(release, url); }); !fault.empty()) {
    return failed("the new revision: " + fault);
  }
  if (auto fault = broken_contract(release, url); !fault.empty()) {
    return failed("the new revision breaks the contract: " + fault);
  }
  return done(fmt::format("{} keeps the contract", url));
}

StepResult verify(Release& release) {
  if (auto fault = release.advance(Phase::verify)) {
    return *fault;
  }
  const auto& settings = release.settings;
  const auto fault = patiently(release, [&]() -> std::string {
    for (int i = 0; i < settings.verify_requests; ++i) {
      if (auto other = not_ours(release, settings.url); !other.empty()) {
        return other;
      }
    }
    return "";
  });
  return fault.empty() ? done(fmt::format("{} answered {} times with commit {}", settings.url,
                                          settings.verify_requests, release.commit.substr(0, 12)))
                       : failed("the public address: " + fault);
}

}  // namespace steps

namespace scripts {

void gate(Script& script) {
  script.write_lock();
  script.command(gcloud::service(script.settings.place, script.settings.service));
  script.note(
      "a post, a list, a 404 and /health/ready at the new revision's "
      "own address");
}

void verify(Script& script) {
  script.write_lock();
  script.note(fmt::format("{}/health/ready, {} times", script.settings.url,
                          script.settings.verify_requests));
}

}  // namespace scripts
}  // namespace comments::ops
