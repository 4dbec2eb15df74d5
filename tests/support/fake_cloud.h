// A stand-in for everything that a rollout touches: gcloud with a project behind it, terraform with
// a state, the service's addresses and its Prometheus, a clock that only moves when somebody
// sleeps. It knows the rules that a rollout rests on (generations, traffic that stays pinned,
// revisions that stay), and nothing of permissions, quotas or time. Any call can be made to fail,
// or to be the last one that its caller makes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/ops/deploy/deploy.h"
#include "core/ops/deploy/record.h"
#include "core/ops/deploy/verdict.h"

namespace comments::tests {

// kill -9 of whoever called.
struct Killed {};

struct StoredObject {
  int generation = 0;
  std::string content;
};

struct FakeRevision {
  std::string name;
  std::string image;
};

class FakeCloud : public ops::Runner, public ops::Web, public ops::Time, public ops::Files {
 public:
  FakeCloud();

  static constexpr const char* kPublicUrl = "http://comments.example";
  static constexpr const char* kPrometheusUrl = "https://monitoring.googleapis.com/prometheus";
  static constexpr const char* kToken = "ya29.planted-token";

  // What the project is.
  std::string account = "alice@example.com";
  bool application_default = true;  // Terraform can log in
  std::string head;                 // the working tree's commit
  std::string changes;
  std::map<std::string, StoredObject> objects;
  std::map<std::string, std::string> digests;  // of an image, by commit
  std::vector<FakeRevision> revisions;         // the newest last; none: there is no service
  ops::Split split;
  bool follows_latest = false;
  std::vector<ops::Tag> tags;
  std::string state_image;  // what Terraform believes
  std::string job_image;
  std::vector<std::string> migrated;                    // by which image
  std::set<std::string> broken;                         // images that answer 500
  std::map<std::string, ops::RevisionFigures> figures;  // by revision; others do well
  bool blind = false;                                   // Prometheus does not answer
  std::map<std::string, std::string> files;

  // What was done. Commands that only look, too.
  std::vector<ops::Command> calls;

  // Before a call is done, with its number from 0 on: the outcome instead of it, or nothing.
  std::function<std::optional<ops::Outcome>(int call, const ops::Command&)> instead;
  std::function<void(int call, const ops::Command&)> afterwards;
  // After it was done: the outcome that is told instead.
  std::function<std::optional<ops::Outcome>(int call, const ops::Command&)> answer_instead;
  // Whenever somebody waits.
  std::function<void()> meanwhile;
  // Before an address is asked: the answer instead of its own, or nothing.
  std::function<std::optional<Result<ops::WebAnswer>>(const ops::WebRequest&)> web_instead;
  // A person wants to stop, who is heard when somebody waits.
  bool interrupted = false;

  ops::World world() { return {*this, *this, *this, *this}; }
  std::string image_of(const std::string& commit) const;
  std::string serving() const;  // revision with most readers
  std::optional<ops::Progress> lock() const;
  std::vector<ops::ReleaseRecord> records() const;

  ops::Outcome run(const ops::Command& command, const ops::LineSink& on_line) override;
  bool is_running(int process) override { return running.contains(process); }
  Result<ops::WebAnswer> ask(const ops::WebRequest& request) override;
  Timestamp now() override { return time; }
  bool sleep(std::chrono::milliseconds pause) override;
  Result<std::string> read(const std::string& path) override;
  Result<void> write(const std::string& path, const std::string& content) override;

  Timestamp time;
  std::set<int> running;  // processes on this machine
  std::set<std::string> posted;

 private:
  ops::Outcome answer(const ops::Command& command, const ops::LineSink& on_line);
  ops::Outcome gcloud(const ops::Command& command);
  ops::Outcome storage(const ops::Command& command);
  ops::Outcome run_service(const ops::Command& command);
  ops::Outcome terraform(const ops::Command& command, const ops::LineSink& on_line);
  ops::Outcome update_traffic(const ops::Command& command);
  ops::Outcome apply(const std::string& image, bool from_plan, const ops::LineSink& on_line);
  std::string service_json() const;
  std::string revision_behind(const std::string& url) const;
  Result<ops::WebAnswer> prometheus(const ops::WebRequest& request) const;

  ops::Split planned_split_;
  bool planned_to_follow_ = false;
  int generation_ = 1'000;
  std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();  // one call at a time
};

// Keeps what it is told.
struct Listener : ops::Teller {
  void tell(const ops::Event& event) override { events.push_back(event); }
  std::string text() const;
  bool has_begun(std::string_view step) const;

  std::vector<ops::Event> events;
};

}  // namespace comments::tests
