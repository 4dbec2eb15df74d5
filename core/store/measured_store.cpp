#include "core/store/measured_store.h"

#include <utility>

namespace comments {
namespace {

using Operation = StoreMetrics::Operation;

class MeasuredStore final : public Store {
 public:
  MeasuredStore(std::unique_ptr<Store> store, std::shared_ptr<StoreMetrics> metrics)
      : metrics_(std::move(metrics)), store_(std::move(store)) {}

  void post(Draft draft, Posted posted) override {
    store_->post(std::move(draft), [this, posted = std::move(posted)](Result<Receipt> receipt) {
      if (!receipt) {
        metrics_->on_error(Operation::post, receipt.error().code);
      }
      posted(std::move(receipt));
    });
  }

  Result<Page> list(const ListQuery& query) override {
    return timed<Result<Page>>(Operation::list, [&] { return store_->list(query); });
  }

  Result<std::vector<std::int64_t>> count(std::span<const ContentId> content_ids) override {
    return timed<Result<std::vector<std::int64_t>>>(Operation::count,
                                                    [&] { return store_->count(content_ids); });
  }

  void observe(Observer observer) override { store_->observe(std::move(observer)); }
  std::uint64_t id() const override { return store_->id(); }
  StoreHealth health() const override { return store_->health(); }

 private:
  template <class Answer, class Read>
  Answer timed(Operation operation, const Read& read) {
    const auto began = std::chrono::steady_clock::now();
    Answer answer = read();
    metrics_->on_read(operation, std::chrono::steady_clock::now() - began);
    if (!answer) {
      metrics_->on_error(operation, answer.error().code);
    }
    return answer;
  }

  const std::shared_ptr<StoreMetrics> metrics_;
  const std::unique_ptr<Store> store_;  // gone first: it answers what waits
};

}  // namespace

std::unique_ptr<Store> measured(std::unique_ptr<Store> store,
                                std::shared_ptr<StoreMetrics> metrics) {
  return std::make_unique<MeasuredStore>(std::move(store), std::move(metrics));
}

}  // namespace comments
