#include "core/store/store_metrics.h"

#include <algorithm>

namespace comments {
namespace {

constexpr std::array kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                              0.1,    0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
constexpr std::array kPosts{1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1'024.0};

constexpr std::array kOperationNames{"post", "list", "count"};

struct Kind {
  ErrorCode code;
  const char* name;
};
constexpr std::array kKindNames{Kind{ErrorCode::unavailable, "unavailable"},
                                Kind{ErrorCode::overloaded, "overloaded"},
                                Kind{ErrorCode::internal, "internal"}};

double seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

StoreMetrics::StoreMetrics()
    : commit_duration_(kSeconds),
      batch_size_(kPosts),
      list_duration_(kSeconds),
      count_duration_(kSeconds) {}

void StoreMetrics::expose(Metrics& metrics) const {
  metrics.histogram({"comments_store_commit_duration_seconds",
                     "Time to commit one batch of comments.", "seconds"},
                    {}, commit_duration_);
  metrics.histogram({"comments_store_batch_size", "Comments committed as one transaction."}, {},
                    batch_size_);
  metrics.gauge({"comments_store_queue_depth", "Comments that wait to be committed."}, {},
                queue_depth);
  metrics.gauge({"comments_store_queue_capacity",
                 "How many comments may wait to be committed; further ones are refused."},
                {}, queue_capacity);
  const MetricInfo reads{"comments_store_read_duration_seconds", "Time of one read of the store.",
                         "seconds"};
  metrics.histogram(reads, {{"operation", "list"}}, list_duration_);
  metrics.histogram(reads, {{"operation", "count"}}, count_duration_);
  for (std::size_t operation = 0; operation < kOperations; ++operation) {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      metrics.counter(
          {"comments_store_errors",
           "Calls of the store that failed: out of reach or unable to write (unavailable), too "
           "much "
           "waiting already (overloaded), a bug (internal)."},
          {{"operation", kOperationNames.at(operation)}, {"kind", kKindNames.at(kind).name}},
          errors_.at(operation).at(kind));
    }
  }
}

void StoreMetrics::on_commit(std::size_t posts, std::chrono::steady_clock::duration took) {
  batch_size_.observe(static_cast<double>(posts));
  commit_duration_.observe(seconds(took));
}

void StoreMetrics::on_read(Operation operation, std::chrono::steady_clock::duration took) {
  (operation == Operation::list ? list_duration_ : count_duration_).observe(seconds(took));
}

void StoreMetrics::on_error(Operation operation, ErrorCode code) {
  const auto* kind = std::find_if(kKindNames.begin(), kKindNames.end(),
                                  [&](const Kind& one) { return one.code == code; });
  if (kind != kKindNames.end()) {
    const auto index = static_cast<std::size_t>(kind - kKindNames.begin());
    errors_.at(static_cast<std::size_t>(operation)).at(index).add();
  }
}

}  // namespace comments
