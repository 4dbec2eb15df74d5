#include "core/ops/deploy/synthetic.h"

#include <algorithm>
#include <vector>

#include "core/wire/paths.h"

namespace comments::ops {

RevisionFigures probe(Web& web, const std::string& url, const std::string& thread, int count) {
  constexpr int kFirstOfErrors = 500;
  const auto path = list_path(*ContentId::parse(thread));
  RevisionFigures figures;
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto answer = web.ask({.url = url, .path = path});
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
