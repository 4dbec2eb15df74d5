// Every command line of gcloud that we use. `gcloud-lint`, the permission table and the golden file
// tests/ops/command_lines.txt are held against these.
#pragma once

#include <string>
#include <vector>

#include "core/ops/cloud/command.h"
#include "core/ops/cloud/split.h"

namespace comments::ops::gcloud {

// Where a service is.
struct Place {
  std::string project;
  std::string region;
};

Command version();
Command active_account();
Command access_token();  // its output is a secret
// Whether whoever is not gcloud, such as Terraform, can log in. Prints nothing.
Command application_default_login();
Command project(const std::string& project);
Command enabled_services(const std::string& project);
Command bucket(const std::string& name);

// `image`: REPOSITORY:TAG.
Command image(const std::string& image);
// `time`: the commit's, in seconds since 1970: it is the image's, too.
Command build(const Place& place, const std::string& config, const std::string& image,
              const std::string& commit, const std::string& time);

// Objects, named gs://BUCKET/OBJECT. A generation is one version of an object.
inline constexpr const char* kNoObject = "0";  // the generation of an object that is not there
Command object(const std::string& url);
Command read(const std::string& url);
Command read(const std::string& url, const std::string& generation);
// Prints "Created: gs://BUCKET/OBJECT#GENERATION" to standard error.
Command write(const std::string& url, const std::string& over, std::string content);
Command remove(const std::string& url, const std::string& generation);
Command objects(const std::string& folder);

Command service(const Place& place, const std::string& name);
Command remove_service(const Place& place, const std::string& name);
Command revision(const Place& place, const std::string& name);
Command revisions(const Place& place, const std::string& service);

struct TagChange {
  enum class Kind { none, update, remove, set };  // set: these and no others
  Kind kind = Kind::none;
  std::vector<Tag> tags = {};
};
// `split`: of all requests, or empty: stays as it is.
Command move_traffic(const Place& place, const std::string& service, const Split& split,
                     const TagChange& tags = {});

Command set_job_image(const Place& place, const std::string& job, const std::string& image);
Command run_job(const Place& place, const std::string& job);

Command revision_log(const Place& place, const std::string& revision);
Command job_log(const Place& place, const std::string& job);
Command alert_policies(const std::string& project);

}  // namespace comments::ops::gcloud
