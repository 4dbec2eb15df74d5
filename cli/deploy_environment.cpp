#include "cli/deploy_environment.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/suggest.h"
#include "cli/toml_file.h"

namespace comments::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "terraform/environments";
constexpr const char* kFile = "deploy.toml";

fs::path environments_folder(const std::string& config_dir) {
  std::error_code fault;
  if (!config_dir.empty()) {
    if (!fs::is_directory(config_dir, fault)) {
      throw UsageError(fmt::format("--config-dir {} is no folder", config_dir));
    }
    return fs::absolute(config_dir);
  }
  for (auto folder = fs::current_path();; folder = folder.parent_path()) {
    if (fs::is_directory(folder / kFolder, fault)) {
      return folder / kFolder;
    }
    if (folder == folder.root_path()) {
      break;
    }
  }
  throw UsageError(
      fmt::format("there is no {} here or above: go into the repository, or name the "
                  "folder of your environments with --config-dir",
                  kFolder));
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code fault;
  for (const auto& entry : fs::directory_iterator(folder, fault)) {
    if (fs::exists(entry.path() / kFile, fault)) {
      names.push_back(entry.path().filename());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

ops::DeploySettings find_environment(const std::string& environment,
                                     const std::string& config_dir) {
  const auto folder = environments_folder(config_dir);
  const auto names = names_in(folder);
  if (environment.empty()) {
    throw UsageError(fmt::format("--env is missing; there is {}", fmt::join(names, ", ")));
  }
  if (std::find(names.begin(), names.end(), environment) == names.end()) {
    throw UsageError(fmt::format(
        "there is no environment '{}'{}; {} has: {}", environment, did_you_mean(environment, names),
        folder.string(), names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  const auto path = (folder / environment / kFile).lexically_normal().string();
  auto settings =
      ops::read_deploy_settings(environment, (folder / environment).string(), read_toml(path));
  if (!settings) {
    throw UsageError(path + ": " + settings.error().message);
  }
  settings->root.folder = fs::path(settings->root.folder).lexically_normal().string();
  settings->build_config = fs::path(settings->build_config).lexically_normal().string();
  return *std::move(settings);
}

}  // namespace comments::cli
