#include "core/ops/deploy/settings.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <regex>
#include <set>

#include <fmt/format.h>

#include "core/wire/timestamp_text.h"

namespace comments::ops {
namespace {

// Takes one setting after the other, and keeps the first fault.
class Reader {
 public:
  explicit Reader(const SettingValues& values) : values_(values) {}

  void text(const char* name, std::string& value, const char* pattern, const char* form,
            bool required = true) {
    const auto* given = take(name);
    if (given == nullptr) {
      if (required) {
        fault(fmt::format("{} is missing: {}", name, form));
      }
      return;
    }
    value = given->empty() ? "" : given->front();
    if (!(value.empty() && !required) && !std::regex_match(value, std::regex(pattern))) {
      fault(fmt::format("{} = \"{}\" does not fit: {}", name, value, form));
    }
  }

  void time(const char* name, std::chrono::milliseconds& value) {
    if (const auto* given = take(name)) {
      const auto time = given->size() == 1 ? parse_duration(given->front()) : std::nullopt;
      if (!time) {
        return fault(fmt::format("{} is a time such as 90s, 5m or 2h", name));
      }
      value = *time;
    }
  }

  void number(const char* name, double& value, double least, double most) {
    if (const auto* given = take(name)) {
      char* end = nullptr;
      const auto text = given->size() == 1 ? given->front() : std::string();
      const auto number = std::strtod(text.c_str(), &end);
      if (text.empty() || *end != '\0' || !(number >= least && number <= most)) {
        return fault(
            fmt::format("{} = {} does not fit: a number from {} to {}", name, text, least, most));
      }
      value = number;
    }
  }

  void whole(const char* name, int& value, int least, int most) {
    double number = value;
    this->number(name, number, least, most);
    value = static_cast<int>(number);
    if (value != number) {
      fault(fmt::format("{} is a whole number", name));
    }
  }

  void flag(const char* name, bool& value) {
    if (const auto* given = take(name)) {
      const auto text = given->size() == 1 ? given->front() : std::string();
      if (text != "true" && text != "false") {
        return fault(fmt::format("{} is true or false", name));
      }
      value = text == "true";
    }
  }

  template <class Value>
  void list(const char* name, std::vector<Value>& values,
            const std::function<std::optional<Value>(const std::string&)>& parse,
            const char* form) {
    const auto* given = take(name);
    if (given == nullptr) {
      return;
    }
    values.clear();
    for (const auto& text : *given) {
      if (auto value = text.empty() ? std::nullopt : parse(text)) {
        values.push_back(*std::move(value));
      } else if (!text.empty()) {
        return fault(fmt::format("{}: '{}' does not fit: {}", name, text, form));
      }
    }
  }

  void fault(std::string text) { fault_ = fault_.empty() ? std::move(text) : fault_; }

  std::string finish() {
    for (const auto& [name, given] : values_) {
      if (!taken_.contains(name)) {
        fault(fmt::format("there is no setting '{}'", name));
      }
    }
    return fault_;
  }

 private:
  const std::vector<std::string>* take(const char* name) {
    taken_.insert(name);
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }

  const SettingValues& values_;
  std::set<std::string> taken_;
  std::string fault_;
};

std::optional<int> parse_percent(const std::string& text) {
  char* end = nullptr;
  const auto number = std::strtol(text.c_str(), &end, 10);
  return *end == '\0' && number >= 1 && number <= 100 ? std::optional(static_cast<int>(number))
                                                      : std::nullopt;
}

// "2026-07-19T14:00:00Z": RFC 3339 without parts of a second.
std::optional<Timestamp> parse_second(const std::string& text) {
  return text.size() == 20 ? parse_timestamp(text.substr(0, 19) + ".000Z") : std::nullopt;
}

std::optional<Freeze> parse_freeze(const std::string& text) {
  const auto slash = text.find('/');
  const auto space = text.find(' ', slash == std::string::npos ? 0 : slash);
  if (slash == std::string::npos || space == std::string::npos) {
    return std::nullopt;
  }
  const auto begin = parse_second(text.substr(0, slash));
  const auto end = parse_second(text.substr(slash + 1, space - slash - 1));
  return begin && end && *begin < *end ? std::optional(Freeze{*begin, *end, text.substr(space + 1)})
                                       : std::nullopt;
}

void read_canary(Reader& reader, CanarySettings& canary) {
  reader.list<int>("canary-steps", canary.steps, parse_percent, "whole percents, such as 5");
  const auto& steps = canary.steps;
  if (steps.empty() || steps.back() != 100 ||
      std::adjacent_find(steps.begin(), steps.end(), std::greater_equal<>()) != steps.end()) {
    reader.fault("canary-steps rise, and end with 100: [5, 25, 100]; [100] is no canary");
  }
  reader.time("canary-bake", canary.bake);
  reader.time("canary-patience", canary.patience);
  reader.whole("minimum-requests", canary.minimum_requests, 1, 1'000'000);
  reader.flag("synthetic-probes", canary.synthetic_probes);
  reader.number("max-error-ratio", canary.max_error_ratio, 0, 1);
  reader.number("max-p99-ratio", canary.max_p99_ratio, 1, 100);
  reader.time("max-p99-floor", canary.max_p99_floor);
}

std::string below(const std::string& folder, const std::string& path) {
  return path.starts_with("/") ? path : folder + "/" + path;
}

}  // namespace

Result<DeploySettings> read_deploy_settings(const std::string& environment,
                                            const std::string& folder,
                                            const SettingValues& values) {
  constexpr const char* kWebAddress = R"(https?://[^\s/?#]+(/[^\s?#]*[^\s?#/])?)";
  constexpr std::chrono::minutes kSlack{10};
  constexpr const char* kName = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";
  DeploySettings settings{.environment = environment,
                          .root = {.folder = {},
                                   .backend = folder + "/backend.gcs.tfbackend",
                                   .variables = folder + "/terraform.tfvars"}};
  Reader reader(values);
  reader.text("project", settings.place.project, "[a-z][a-z0-9-]{4,28}[a-z0-9]",
              "the id of the Google Cloud project");
  reader.text("region", settings.place.region, "[a-z]+-[a-z]+[0-9]+", "such as europe-west1");
  reader.text("service", settings.service, kName, "the Cloud Run service's name");
  reader.text("image", settings.image, R"([a-z0-9.\-]+(:[0-9]+)?(/[a-z0-9._\-]+)+)",
              "the repository in Artifact Registry, without tag");
  reader.text("state-bucket", settings.state_bucket, R"([a-z0-9][a-z0-9._\-]{1,61}[a-z0-9])",
              "the bucket of Terraform's state");
  reader.text("url", settings.url, kWebAddress, "the public address, without / at its end");
  reader.text("candidate-url", settings.candidate_url, kWebAddress,
              "a new revision's address at the load balancer, without / at its end", false);
  reader.text("prometheus", settings.prometheus, kWebAddress, "a web address, without / at its end",
              false);
  reader.text("migrate-job", settings.migrate_job, kName, "the name of a Cloud Run job", false);
  reader.text("email-visibility", settings.email_visibility, "raw|masked|hidden",
              "raw, masked or hidden, as the service shows addresses", false);
  reader.text("grafana", settings.grafana, kWebAddress, "a web address, without / at its end",
              false);
  settings.root.folder = "../../stack";
  reader.text("terraform", settings.root.folder, R"(\S+)", "the folder of the root module", false);
  settings.root.folder = below(folder, settings.root.folder);
  settings.build_config = "../../../scripts/cloudbuild.yaml";
  reader.text("build-config", settings.build_config, R"(\S+)", "a file for Cloud Build", false);
  settings.build_config = below(folder, settings.build_config);
  read_canary(reader, settings.canary);
  reader.whole("verify-requests", settings.verify_requests, 1, 10'000);
  reader.time("lock-expiry", settings.lock_expiry);
  // The lock is renewed before each step of the canary, not within.
  const auto watched = settings.canary.steps.size() > 1
                           ? std::max(settings.canary.bake, settings.canary.patience)
                           : std::chrono::milliseconds(0);
  if (settings.lock_expiry < watched + kSlack) {
    reader.fault(
        "lock-expiry would end while a rollout is at work: it is at least "
        "canary-bake or canary-patience, whichever is longer, and 10m");
  }
  reader.list<Freeze>("freeze", settings.freezes, parse_freeze,
                      "BEGIN/END REASON, such as 2026-07-19T14:00:00Z/2026-07-19T22:00:00Z final");
  if (auto fault = reader.finish(); !fault.empty()) {
    return Error{ErrorCode::bad_request, std::move(fault), {}};
  }
  return settings;
}

const Freeze* freeze_at(const std::vector<Freeze>& freezes, Timestamp now) {
  const auto found = std::find_if(freezes.begin(), freezes.end(), [&](const Freeze& freeze) {
    return freeze.begin <= now && now < freeze.end;
  });
  return found == freezes.end() ? nullptr : &*found;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  char* end = nullptr;
  const std::string copy(text);
  const auto number = std::strtod(copy.c_str(), &end);
  const std::string unit(end);
  const auto scale = unit == "ms"  ? 1
                     : unit == "s" ? 1'000
                     : unit == "m" ? 60'000
                     : unit == "h" ? 3'600'000
                                   : 0;
  if (scale == 0 || end == copy.c_str() || !(number >= 0 && number <= 1e6)) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * scale));
}

gcloud::Place build_place(const DeploySettings& settings) {
  const auto host_end = settings.image.find('/');
  const auto project_end = settings.image.find('/', host_end + 1);
  const auto region_end = settings.image.find("-docker.");
  return {.project = settings.image.substr(host_end + 1, project_end - host_end - 1),
          .region =
              region_end < host_end ? settings.image.substr(0, region_end) : settings.place.region};
}

std::string lock_object(const DeploySettings& settings) {
  return "gs://" + settings.state_bucket + "/deploy/lock.json";
}

std::string releases_folder(const DeploySettings& settings) {
  return "gs://" + settings.state_bucket + "/deploy/releases/";
}

std::string state_object(const DeploySettings& settings) {
  return "gs://" + settings.state_bucket + "/stack/default.tfstate";
}

}  // namespace comments::ops
