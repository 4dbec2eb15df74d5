#include "core/ops/deploy/synthetic.h"

#include <algorithm>
#include <vector>

#include "core/wire/paths.h"

namespace comments::ops {

std::optional<RevisionFigures> probe(const World& world, const std::string& url,
                                     const std::string& thread, int count) {
  constexpr int kFirstOfErrors = 500;
  constexpr std::chrono::minutes kLongest{5};
  constexpr std::chrono::milliseconds kBetween{1};
  const auto end = world.time.now() + kLongest;
  const auto path = list_path(*ContentId::parse(thread));
  RevisionFigures figures;
  std::vector<double> times;
  for (int i = 0; i < count && world.time.now() < end; ++i) {
    if (!world.time.sleep(kBetween)) {
      return std::nullopt;
    }
    const auto answer = world.web.ask({.url = url, .path = path});
    figures.requests += 1;
    if (!answer || answer->status >= kFirstOfErrors) {
      figures.errors += 1;
    } else {
      times.push_back(answer->seconds);
    }
  }
  if (!times.empty()) {
    std::sort(times.begin(), times.end());
    figures.p99 = times[(times.size() - 1) * 99 / 100];
  }
  return figures;
}

}  // namespace comments::ops
