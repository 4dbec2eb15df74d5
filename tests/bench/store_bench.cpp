// What the SQLite store costs, as ratios in one run: group commit against one transaction a post,
// and reads among a million comments. Run it by `scripts/bench store`.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "core/store/sqlite/store.h"
#include "tests/support/drafts.h"
#include "tests/support/temp_folder.h"

namespace comments::tests {
namespace {

using Time = std::chrono::steady_clock;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 2);
}

std::unique_ptr<Store> open(const std::string& path, GroupCommit::Options group_commit) {
  return must(open_sqlite_store({.path = path, .group_commit = group_commit}));
}

// Durable posts a second by `clients`, each of which waits for its answer before the next post.
double posts_per_second(GroupCommit::Options options, int clients, std::chrono::seconds duration) {
  const TempFolder folder;
  const auto store = open(folder.file("bench.db"), options);
  std::atomic<std::int64_t> posts = 0;
  std::atomic<bool> stop = false;
  const auto began = Time::now();
  {
    std::vector<std::jthread> threads;
    for (int client = 0; client < clients; ++client) {
      threads.emplace_back([&, client] {
        for (int i = 0; !stop; ++i) {
          must(post(*store, draft(std::to_string((client + i) % 50), "I agree with the article",
                                  fmt::format("{}-{}", client, i))));
          ++posts;
        }
      });
    }
    std::this_thread::sleep_for(duration);
    stop = true;
  }
  return static_cast<double>(posts) / std::chrono::duration<double>(Time::now() - began).count();
}

void compare_commits(int rounds) {
  constexpr int kClients = 64;
  std::vector<double> grouped;
  std::vector<double> single;
  for (int round = 0; round < rounds; ++round) {  // interleaved: the machine's noise hits both
    grouped.push_back(posts_per_second({}, kClients, std::chrono::seconds(3)));
    single.push_back(posts_per_second({.max_batch = 1}, kClients, std::chrono::seconds(3)));
  }
  fmt::print("durable posts/s, {} clients, median of {} rounds\n", kClients, rounds);
  fmt::print("  group commit             {:8.0f}\n", median(grouped));
  fmt::print("  one transaction a post   {:8.0f}\n", median(single));
  fmt::print("  ratio                    {:8.1f}\n", median(grouped) / median(single));
}

// Posts without waiting for each, as fast as the store takes them.
void fill(Store& store, const std::function<std::string(int)>& thread_of, int count) {
  std::mutex mutex;
  std::condition_variable answered;
  int open = 0;
  for (int i = 0; i < count; ++i) {
    std::unique_lock lock(mutex);
    answered.wait(lock, [&] { return open < 4'000; });
    ++open;
    lock.unlock();
    store.post(draft(thread_of(i), fmt::format("comment {} says something of ordinary length", i)),
               [&](const Result<Receipt>& receipt) {
                 const std::lock_guard inner(mutex);
                 if (!receipt) {
                   throw std::runtime_error(receipt.error().detail);
                 }
                 --open;
                 answered.notify_one();
               });
  }
  std::unique_lock lock(mutex);
  answered.wait(lock, [&] { return open == 0; });
}

void time_reads(Store& store, std::string_view name, const std::function<ListQuery()>& next_query) {
  constexpr int kReads = 20'000;
  std::vector<double> micros;
  for (int i = 0; i < kReads; ++i) {
    const auto query = next_query();
    const auto began = Time::now();
    const auto page = must(store.list(query));
    micros.push_back(std::chrono::duration<double, std::micro>(Time::now() - began).count());
    if (page.comments.size() != 20) {
      throw std::runtime_error("not a page of 20");
    }
  }
  std::sort(micros.begin(), micros.end());
  fmt::print("  {:38} median {:5.1f} µs, p99 {:5.1f} µs\n", name, micros[kReads / 2],
             micros[kReads * 99 / 100]);
}

void measure_reads() {
  constexpr int kDeep = 500'000;
  constexpr int kThreads = kDeep / 20;
  const TempFolder folder;
  const auto store = open(folder.file("bench.db"), {});
  const auto began = Time::now();
  fill(
      *store, [](int) { return std::string("deep"); }, kDeep);
  fill(
      *store, [](int i) { return "article-" + std::to_string(i % kThreads); }, kDeep);
  fmt::print("reads among 1,000,000 comments (filled in {:.0f} s)\n",
             std::chrono::duration<double>(Time::now() - began).count());
  std::minstd_rand random(1);
  time_reads(*store, "a whole list of 20",
             [&] { return query("article-" + std::to_string(random() % kThreads)); });
  time_reads(*store, "a page of 20, deep in a thread of 500 k", [&] {
    auto deep = query("deep");
    deep.after = static_cast<std::int64_t>(random() % (kDeep - 20));
    deep.limit = 20;
    return deep;
  });
  time_reads(*store, "the newest 20 of a thread of 500 k", [&] {
    auto newest = query("deep");
    newest.limit = 20;
    newest.order = Order::descending;
    return newest;
  });
}

}  // namespace
}  // namespace comments::tests

int main() {
  comments::tests::compare_commits(3);
  comments::tests::measure_reads();
}
