#include "core/ops/together.h"

#include <algorithm>
#include <atomic>
#include <future>

namespace comments::ops {

void together(const std::vector<std::function<void()>>& tasks, std::size_t at_most) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto i = next++; i < tasks.size(); i = next++) {
      tasks[i]();
    }
  };
  std::vector<std::future<void>> running;
  for (std::size_t i = 0; i < std::min(tasks.size(), at_most); ++i) {
    running.push_back(std::async(std::launch::async, work));
  }
  for (auto& each : running) {
    each.get();
  }
}

std::vector<Outcome> run_together(Runner& runner, const std::vector<Command>& commands) {
  std::vector<Outcome> outcomes(commands.size());
  std::vector<std::function<void()>> tasks;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    tasks.emplace_back([&, i] { outcomes[i] = runner.run(commands[i]); });
  }
  together(tasks);
  return outcomes;
}

}  // namespace comments::ops
