// comments status against services that say what a test lets them say.
#include <mutex>

#include "core/net/server.h"
#include "core/version.h"
#include "core/wire/bodies.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/live_service.h"

namespace comments::tests {
namespace {

// A stand-in for a service and its admin port: it answers any path with what is set for it.
class Canned {
 public:
  Canned()
      : server_(must(net::Server::start(
            {.reactors = 1}, [this](const net::Request& request, const net::Reply& reply) {
              reply(answer_to(request.target));
            }))) {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

  void set_health(int status, std::string body) {
    const std::lock_guard lock(mutex_);
    health_ = {status, std::move(body)};
  }

  // One text a look; the last one stays.
  void set_metrics(std::vector<std::string> texts) {
    const std::lock_guard lock(mutex_);
    metrics_ = {texts.rbegin(), texts.rend()};
  }

  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  net::Response answer_to(std::string_view target) {
    const std::lock_guard lock(mutex_);
    asked_.emplace_back(target);
    if (target == "/health/ready") {
      return {.status = health_.first, .content_type = "x", .body = health_.second};
    }
    if (target != "/metrics" || metrics_.empty()) {
      return {.status = 404};
    }
    const auto text = metrics_.back();
    if (metrics_.size() > 1) {
      metrics_.pop_back();
    }
    return {.content_type = "text/plain", .body = text};
  }

  std::mutex mutex_;  // guards the next
  std::vector<std::string> asked_;
  std::pair<int, std::string> health_{
      200,
      health_body({.status = "READY", .version = "1.2.3", .commit = "c", .revision_name = "r"})};
  std::vector<std::string> metrics_;
  std::unique_ptr<net::Server> server_;
};

int look(CliSession& session, const Canned& service, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"status", "--url",       service.url(), "--interval",
                                 "100ms",  "--admin-url", service.url()};
  words.insert(words.end(), more.begin(), more.end());
  return session.run(words);
}

std::string health(std::string_view status, bool reads = true, bool writes = true) {
  return health_body({.status = status, .reads = reads, .writes = writes});
}

// Whether a text has this part, however its lines are broken.
bool contains(std::string text, std::string_view part) {
  for (auto at = text.find("\n  "); at != std::string::npos; at = text.find("\n  ", at)) {
    text.replace(at, 3, " ");
  }
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a service that is ready is exit code 0, its build is named", "[cli]") {
  const LiveService service;
  const Canned admin;
  CliSession session;
  CHECK(session.run({"status", "--url", service.url(), "--admin-url", admin.url()}) == 0);
  CHECK(session.out.starts_with("READY  comments " + std::string(kVersion) + " ("));
  CHECK(contains(session.out, "), revision local\n" + service.url() + ", "));
  CHECK(session.err.empty());
}

TEST_CASE("a service that is not ready, or not wholly, is exit code 6 and says why", "[cli]") {
  Canned service;
  CliSession session;
  service.set_health(200, health("DEGRADED", true, false));
  CHECK(look(session, service) == 6);
  CHECK(session.out.starts_with("DEGRADED  comments"));
  CHECK(contains(session.out, " its store keeps nothing: lists are answered"));
  service.set_health(503, health("DEGRADED", false, false));
  CHECK(look(session, service) == 6);
  CHECK(contains(session.out, " its store cannot be read"));
  service.set_health(503, health("STARTING"));
  CHECK(look(session, service) == 6);
  CHECK(contains(session.out, " it has not started yet"));
  service.set_health(503, health("DRAINING"));
  CHECK(look(session, service) == 6);
  CHECK(contains(session.out, " it has been told to end"));
  service.set_health(503, health("READY"));
  CHECK(look(session, service) == 6);
  CHECK(contains(session.out, " it does not call itself ready"));
}

TEST_CASE("a service that is not there is exit code 4, with the remedy", "[cli]") {
  const auto url = LiveService().url();  // gone again
  CliSession session;
  CHECK(session.run({"status", "--url", url}) == 4);
  CHECK(session.out.starts_with("UNREACHABLE  " + url + "\n  cannot reach " + url));
  CHECK(contains(session.out, "is the service running? (--url, COMMENTS_URL)"));
}

TEST_CASE("what is no service of ours is unreachable, and is asked for no figures", "[cli]") {
  const auto* body = GENERATE("", "<html>", "[]", R"({"status":"UP"})",
                              R"({"commit":1,"reads":true,"revision_name":"","status":"READY",)"
                              R"("version":"","writes":true})",
                              R"({"commit":"","reads":1,"revision_name":"","status":"READY",)"
                              R"("version":"","writes":true})",
                              "[[[[[[[[[[[[[[[[[[[[");
  CAPTURE(body);
  Canned service;
  service.set_health(502, body);
  CliSession session;
  CHECK(look(session, service) == 4);
  CHECK(contains(session.out, "HTTP 502: the answer is not that of a comments service"));
  CHECK(service.asked() == std::vector<std::string>{"/health/ready"});
}

TEST_CASE("rates are of two looks, an interval apart", "[cli]") {
  Canned service;
  service.set_metrics({"comments_created_total 5\n", "comments_created_total 12\n"});
  CliSession session;
  CHECK(look(session, service, {"--json"}) == 0);
  CHECK(contains(session.out, R"("lately":{"cache_hit_ratio":null,)"));
  CHECK(contains(session.out, R"("created":7,)"));
  CHECK(contains(session.out, R"("created":12,)"));
  CHECK(service.asked().size() == 4);
}

TEST_CASE("a restart between the two looks gives no negative figure", "[cli]") {
  Canned service;
  service.set_metrics({"process_start_time_seconds 1\ncomments_created_total 500\n",
                       "process_start_time_seconds 2\ncomments_created_total 3\n"});
  CliSession session;
  CHECK(look(session, service, {"--json"}) == 0);
  CHECK(contains(session.out, R"("created":3,)"));
  CHECK_FALSE(contains(session.out, ":-"));
}

TEST_CASE("an admin port that is not reachable is no failure, and its remedy is shown", "[cli]") {
  const Canned service;
  CliSession session;
  const auto gone = LiveService().url();
  CHECK(session.run({"status", "--url", service.url(), "--admin-url", gone}) == 0);
  CHECK(contains(session.out,
                 " no figures: the admin port is not reachable: cannot reach " + gone + ": "));
  CHECK(contains(session.out, "--admin-url"));
}

TEST_CASE("an admin port without metrics is shown as such", "[cli]") {
  const Canned service;
  CliSession session;
  CHECK(look(session, service) == 0);
  CHECK(contains(session.out, "/metrics answers HTTP 404"));
}

TEST_CASE("metrics that are none are shown as such, some garbage among them is told of", "[cli]") {
  Canned service;
  CliSession session;
  service.set_metrics({"<html>\n\x1b[2J\n"});
  CHECK(look(session, service) == 0);
  CHECK(contains(session.out, "/metrics is no metrics text; check --admin-url\n"));
  service.set_metrics({"<html>\nprocess_start_time_seconds 1\n{{{\n"});
  CHECK(look(session, service) == 0);
  CHECK(contains(session.out, ", up "));
  CHECK(contains(session.out, " 2 lines of " + service.url() + "/metrics are no metrics"));
}

TEST_CASE("an answer that is too long is not read to its end", "[cli]") {
  Canned service;
  CliSession session;
  service.set_metrics({std::string(std::size_t{5} * 1024 * 1024, '#')});
  CHECK(look(session, service) == 0);
  CHECK(contains(session.out, "is longer than 4194304 bytes"));
  service.set_health(200, std::string(std::size_t{5} * 1024 * 1024, ' '));
  CHECK(look(session, service) == 4);
}

TEST_CASE("a service that is elsewhere has an admin port only where one is named", "[cli]") {
  CliSession session;
  CHECK(session.run({"status", "--json", "--url", "http://0.0.0.0:1"}) == 4);
  CHECK(contains(session.out, R"({"admin_url":null,)"));
  CHECK(session.run({"status", "--json", "--url", "http://127.0.0.1:1"}) == 4);
  CHECK(contains(session.out, R"({"admin_url":"http://127.0.0.1:9464",)"));
  session.environment = {{"COMMENTS_ADMIN_PORT", "9000"}};
  CHECK(session.run({"status", "--json", "--url", "http://127.0.0.1:1"}) == 4);
  CHECK(contains(session.out, R"({"admin_url":"http://127.0.0.1:9000",)"));
}

TEST_CASE("for a health check: one request, no output, the exit code alone", "[cli]") {
  Canned service;
  CliSession session;
  CHECK(look(session, service, {"--quiet"}) == 0);
  service.set_health(503, health("DRAINING"));
  CHECK(look(session, service, {"--quiet"}) == 6);
  service.set_health(200, "no JSON");
  CHECK(look(session, service, {"--quiet"}) == 4);
  CHECK(session.out.empty());
  CHECK(session.err.empty());
  CHECK(service.asked() == std::vector<std::string>(3, "/health/ready"));
}

TEST_CASE("where nobody names a service, it is looked for where serve would listen", "[cli]") {
  const LiveService service;
  const auto port = std::to_string(service.port());
  CliSession session;
  const auto look_with = [&](std::map<std::string, std::string> environment) {
    session.environment = std::move(environment);
    const auto code = session.run({"status", "--quiet"});
    CHECK(session.run({"list", "1"}) == code);
    CHECK(session.run({"post", "1", "--email", "a@b", "text"}) == code);
    return code;
  };
  CHECK(look_with({{"PORT", port}}) == 0);
  CHECK(look_with({{"PORT", "1"}, {"COMMENTS_PORT", port}}) == 0);
  CHECK(look_with({{"PORT", "1"}, {"COMMENTS_URL", service.url()}}) == 0);
  CHECK(look_with({{"PORT", "1"}}) == 4);
  CHECK(look_with({{"PORT", "eighty"}}) == 2);
  CHECK(contains(session.err, "PORT: 'eighty' is no port"));
}

TEST_CASE("a status is coloured on a terminal that wants it", "[cli]") {
  const Canned service;
  CliSession session{.terminal = true};
  CHECK(look(session, service) == 0);
  CHECK(session.out.starts_with("\x1b[1;32mREADY\x1b[0m"));
  session.environment = {{"NO_COLOR", "1"}};
  CHECK(look(session, service) == 0);
  CHECK_FALSE(contains(session.out, "\x1b"));
}

TEST_CASE("a status that is asked for in a way that makes no sense is refused", "[cli]") {
  const auto refusal = [](std::vector<std::string> words) {
    words.insert(words.begin(), "status");
    CliSession session;
    CHECK(session.run(words) == 2);
    CHECK(session.out.empty());
    return session.err;
  };
  CHECK(contains(refusal({"--wacth"}), "did you mean '--watch'?"));
  CHECK(contains(refusal({"--quiet", "--watch"}), "--quiet prints nothing"));
  CHECK(contains(refusal({"--quiet", "--json"}), "--quiet prints nothing"));
  CHECK(contains(refusal({"--interval", "50ms"}), "--interval is at least 100ms"));
  CHECK(contains(refusal({"--interval", "soon"}), "'soon' is no delay"));
  CHECK(contains(refusal({"--url", "localhost"}), "is no service URL"));
  CHECK(contains(refusal({"--admin-url", "localhost"}), "is no service URL"));
}

}  // namespace comments::tests
