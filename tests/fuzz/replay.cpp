// fuzz_replay CORPUS: runs every kept input, and what is left of it when its end is cut off,
// through its target. Every target must have inputs, and every folder of inputs a target.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/fuzz/target.h"

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t replay(comments::fuzz::Target target, const std::filesystem::path& folder) {
  std::size_t runs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto input = content_of(entry.path());
    for (std::size_t size = 0; size <= input.size(); ++size) {
      target(std::string_view(input).substr(0, size));
      ++runs;
    }
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("fuzz_replay CORPUS\n", stderr);
    return 2;
  }
  std::set<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    folders.insert(entry.path().filename());
  }
  bool well = true;
  for (const auto& [name, target] : comments::fuzz::targets()) {
    const auto runs =
        folders.erase(name) == 1 ? replay(target, std::filesystem::path(argv[1]) / name) : 0;
    std::printf("%s: %zu inputs\n", name.c_str(), runs);
    well = well && runs > 0;
  }
  for (const auto& folder : folders) {
    std::printf("%s: inputs without a target\n", folder.c_str());
    well = false;
  }
  return well ? 0 : 1;
}
