#include "core/ops/cloud/terraform.h"

#include <utility>
#include <vector>

namespace comments::ops::terraform {
namespace {

using std::chrono::seconds;

constexpr seconds kQuestion{30};
constexpr seconds kInit{180};
constexpr seconds kPlan{300};
constexpr seconds kApply{3'600};  // a database takes twenty minutes

constexpr const char* kWait = "-lock-timeout=60s";

Command command(std::vector<std::string> words, seconds deadline) {
  words.insert(words.begin(), "terraform");
  return {
      .words = std::move(words),
      .deadline = deadline,
      .environment = {{"TF_IN_AUTOMATION", "1"}, {"TF_INPUT", "0"}, {"CHECKPOINT_DISABLE", "1"}}};
}

Command in(const Root& root, std::vector<std::string> words, seconds deadline) {
  words.insert(words.begin(), "-chdir=" + root.folder);
  auto result = command(std::move(words), deadline);
  if (!root.data.empty()) {
    result.environment.emplace_back("TF_DATA_DIR", root.data);
  }
  return result;
}

std::string image_word(const std::string& image) {
  return "-var=image=" + image;
}
std::string variables_word(const Root& root) {
  return "-var-file=" + root.variables;
}

}  // namespace

Command version() {
  return command({"version", "-json"}, kQuestion);
}

Command init(const Root& root) {
  return in(root, {"init", "-input=false", "-reconfigure", "-backend-config=" + root.backend},
            kInit);
}

Command plan(const Root& root, const std::string& image, const std::string& file) {
  return in(root,
            {"plan", "-input=false", "-json", "-detailed-exitcode", kWait, "-out=" + file,
             variables_word(root), image_word(image)},
            kPlan);
}

// Who only looks must not keep a release waiting.
Command drift(const Root& root, const std::string& image) {
  return in(root,
            {"plan", "-input=false", "-json", "-detailed-exitcode", "-lock=false",
             variables_word(root), image_word(image)},
            kPlan);
}

Command apply_plan(const Root& root, const std::string& file) {
  return in(root, {"apply", "-input=false", "-json", kWait, file}, kApply);
}

Command apply_image(const Root& root, const std::string& image) {
  return in(root,
            {"apply", "-input=false", "-auto-approve", "-json", kWait, variables_word(root),
             image_word(image)},
            kApply);
}

Command force_unlock(const Root& root, const std::string& id) {
  return in(root, {"force-unlock", "-force", id}, kQuestion);
}

}  // namespace comments::ops::terraform
