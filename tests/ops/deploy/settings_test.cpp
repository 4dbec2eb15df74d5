#include "core/ops/deploy/settings.h"

#include "tests/support/catch.h"

namespace comments::ops {
namespace {

SettingValues good() {
  return {{"project", {"example-prod"}},
          {"region", {"europe-west1"}},
          {"service", {"comments"}},
          {"image", {"europe-docker.pkg.dev/build/comments/comments"}},
          {"state-bucket", {"example-state"}},
          {"url", {"https://comments.example.com"}}};
}

std::string fault(const SettingValues& values) {
  const auto settings = read_deploy_settings("prod", "/env/prod", values);
  return settings ? "" : settings.error().message;
}

TEST_CASE("six settings are enough; the rest has defaults", "[ops]") {
  const auto settings = read_deploy_settings("prod", "/env/prod", good());
  REQUIRE(settings);
  CHECK(settings->canary.steps == std::vector{5, 25, 100});
  CHECK(settings->migrate_job.empty());
  CHECK(settings->root.folder == "/env/prod/../../stack");
  CHECK(settings->root.backend == "/env/prod/backend.gcs.tfbackend");
  CHECK(lock_object(*settings) == "gs://example-state/deploy/lock.json");
}

TEST_CASE("what is missing or does not fit is named, with what would", "[ops]") {
  const auto [name, value, words] =
      GENERATE(table<std::string, std::vector<std::string>, std::string>({
          {"project", {"No"}, "project = \"No\""},
          {"region", {"europe"}, "europe-west1"},
          {"image", {"repo/comments:latest"}, "without tag"},
          {"url", {"comments.example.com"}, "public address"},
          {"canary-steps", {"25", "5", "100"}, "rise"},
          {"canary-steps", {"5", "25"}, "end with 100"},
          {"canary-steps", {"0", "100"}, "'0'"},
          {"canary-bake", {"soon"}, "90s"},
          {"canary-bake", {"3h"}, "lock-expiry"},
          {"lock-expiry", {"20m"}, "canary-patience"},
          {"minimum-requests", {"0"}, "from 1"},
          {"minimum-requests", {"1.5"}, "whole"},
          {"max-error-ratio", {"2"}, "from 0 to 1"},
          {"synthetic-probes", {"maybe"}, "true or false"},
          {"email-visibility", {"shown"}, "raw, masked or hidden"},
          {"freeze", {"tomorrow"}, "BEGIN/END"},
          {"freeze", {"2026-07-19T22:00:00Z/2026-07-19T14:00:00Z backwards"}, "BEGIN/END"},
          {"freezes", {"x"}, "there is no setting 'freezes'"},
      }));
  auto values = good();
  values[name] = value;
  INFO(name << " " << fault(values));
  CHECK(fault(values).find(words) != std::string::npos);
}

TEST_CASE("each of the six must be there", "[ops]") {
  for (const auto& [name, value] : good()) {
    auto values = good();
    values.erase(name);
    CHECK(fault(values).starts_with(name + " is missing"));
  }
}

TEST_CASE("a freeze holds from its beginning to before its end", "[ops]") {
  auto values = good();
  values["freeze"] = {"2026-07-19T14:00:00Z/2026-07-19T22:00:00Z World Cup final"};
  const auto settings = read_deploy_settings("prod", "/env/prod", values);
  REQUIRE(settings);
  REQUIRE(settings->freezes.size() == 1);
  const auto& freeze = settings->freezes.front();
  CHECK(freeze.reason == "World Cup final");
  const auto before = freeze.begin - std::chrono::milliseconds(1);
  CHECK(freeze_at(settings->freezes, before) == nullptr);
  CHECK(freeze_at(settings->freezes, freeze.begin) == &freeze);
  CHECK(freeze_at(settings->freezes, freeze.end) == nullptr);
}

TEST_CASE("images are built where their registry is", "[ops]") {
  const auto place = build_place(*read_deploy_settings("prod", "/env/prod", good()));
  CHECK(place.project == "build");
  CHECK(place.region == "europe");
}

TEST_CASE("times are read with their unit", "[ops]") {
  using std::chrono::milliseconds;
  CHECK(parse_duration("250ms") == milliseconds(250));
  CHECK(parse_duration("1.5h") == milliseconds(5'400'000));
  CHECK_FALSE(parse_duration("5"));
  CHECK_FALSE(parse_duration("m"));
  CHECK_FALSE(parse_duration("-5s"));
}

}  // namespace
}  // namespace comments::ops
