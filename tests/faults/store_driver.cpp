// store_driver: the real SQLite store, driven from outside by the fault tests.
//
//   store_driver post FILE ACKS [OPTIONS]   several threads post; every Receipt is written to ACKS
//   store_driver verify FILE                prints what is there, and adds one comment
//
// `post` is deterministic in what it posts (not in its order): the same options post the same
// comments under the same keys, so a second run is every client retrying. An acknowledgment is
// written on the thread that answers, before that thread touches the disk again: in a trace of
// libdisk_faults.so no write can come between the promise and its record. It prints one JSON object
// of counts. `verify` prints one JSON object a comment, texts as length and CRC-32 (they can be
// long), and then one of counts; keys come from the file, the rest through the store.
//
// Exit: 0 done, though posts may have been refused; 1 could not do it, one line says why; 2 usage;
// 3 a list fell behind an acknowledgment.
#include <array>
#include <atomic>
#include <fcntl.h>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "core/store/sqlite/store.h"
#include "tests/faults/malloc_fault.h"

namespace {

using nlohmann::json;

enum Exit { done = 0, failed = 1, usage = 2, broken_promise = 3 };

struct Options {
  std::string file;
  std::string acks;
  int threads = 4;
  int posts = 100;  // of each thread
  int contents = 3;
  int bytes = 100;     // the mean length of a comment
  int tries = 1;       // of each post, with the same key
  int list_every = 0;  // posts of a thread between two lists; 0: never
  bool crash = false;  // end without closing anything, as after kill -9
  MallocFault malloc_fault;
};

// --- What is posted ------------------------------------------------------------------------------

std::uint32_t crc32(std::string_view text) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const auto c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
  }
  return ~crc;
}

// The key, then characters of four bytes: at 10,000 of them a comment is as large as it can be.
std::string text_of(const std::string& key, int mean_bytes) {
  auto state = crc32(key) | 1U;
  const auto next = [&state] { return state = state * 1'664'525U + 1'013'904'223U; };
  const auto characters = static_cast<std::uint32_t>(mean_bytes / 4);
  const auto count = characters / 2 + (next() >> 8) % (characters + 1);
  std::string text = key + " ";
  for (std::uint32_t i = 0; i < count && i < 9'900; ++i) {
    text += {'\xF0', '\x9F', '\x98', static_cast<char>(0x80U + (next() >> 26))};
  }
  return text;
}

comments::Draft draft_of(const Options& options, int thread, int number) {
  const auto key = fmt::format("w{}-{}", thread, number);
  auto content_id =
      comments::ContentId::parse(fmt::format("thread-{}", (thread + number) % options.contents));
  return *comments::Draft::parse(*std::move(content_id),
                                 {.email = fmt::format("w{}@example.com", thread),
                                  .comment = text_of(key, options.bytes),
                                  .idempotency_key = key});
}

// --- post ----------------------------------------------------------------------------------------

struct Counts {
  std::atomic<int> acknowledged = 0;
  std::atomic<int> replayed = 0;
  std::atomic<int> refusals = 0;
  std::atomic<int> given_up = 0;
  std::atomic<int> lists_refused = 0;
  std::atomic<int> lists_behind = 0;
};

std::string ack_line(const comments::Draft& draft, const comments::Receipt& receipt) {
  return json{{"content_id", draft.content_id().text()},
              {"id", receipt.id},
              {"key", draft.idempotency_key()},
              {"email", draft.email()},
              {"bytes", draft.comment().size()},
              {"crc", crc32(draft.comment())},
              {"replayed", receipt.replayed}}
             .dump() +
         "\n";
}

class Posting {
 public:
  Posting(const Options& options, comments::Store& store, int acks)
      : options_(options), store_(store), acks_(acks) {}

  void run_all() {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(options_.threads));
    for (int thread = 0; thread < options_.threads; ++thread) {
      threads.emplace_back([this, thread] { run(thread); });
    }
  }

  const Counts& counts() const { return counts_; }

 private:
  void run(int thread) {
    for (int number = 0; number < options_.posts; ++number) {
      const auto draft = draft_of(options_, thread, number);
      std::int64_t id = 0;
      for (int tries = 0; id == 0 && tries < options_.tries; ++tries) {
        id = post(draft);
      }
      counts_.given_up += id == 0 ? 1 : 0;
      if (options_.list_every != 0 && number % options_.list_every == 0) {
        list(draft.content_id(), id);
      }
    }
  }

  // The comment's id; 0: refused.
  std::int64_t post(const comments::Draft& draft) {
    // Shared: the answering thread may still be inside set_value() when get() returns.
    auto answered = std::make_shared<std::promise<std::int64_t>>();
    store_.post(draft, [&, answered](comments::Result<comments::Receipt> receipt) {
      std::int64_t id = 0;
      if (receipt) {
        const auto line = ack_line(draft, *receipt);
        if (::write(acks_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
          std::abort();
        }
        ++counts_.acknowledged;
        counts_.replayed += receipt->replayed ? 1 : 0;
        id = receipt->id;
      } else {
        ++counts_.refusals;
      }
      answered->set_value(id);
    });
    return answered->get_future().get();
  }

  void list(const comments::ContentId& content_id, std::int64_t acknowledged) {
    auto page =
        store_.list({.content_id = content_id, .limit = 1, .order = comments::Order::descending});
    if (!page) {
      ++counts_.lists_refused;
    } else if (page->total < acknowledged) {
      ++counts_.lists_behind;
    }
  }

  const Options& options_;
  comments::Store& store_;
  const int acks_;
  Counts counts_;
};

int could_not_open(const comments::Error& error) {
  std::cerr << "store_driver: " << error.message << '\n';
  return Exit::failed;
}

int post(const Options& options) {
  auto store = comments::open_sqlite_store({.path = options.file});
  if (!store) {
    return could_not_open(store.error());
  }
  const int acks = ::open(options.acks.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (acks < 0) {
    std::cerr << "store_driver: cannot write " << options.acks << '\n';
    return Exit::usage;
  }
  arm_malloc_fault();
  Posting posting(options, **store, acks);
  posting.run_all();
  const auto health = (*store)->health();
  if (!options.crash) {
    store->reset();
  }
  const auto& counts = posting.counts();
  std::cout << json{{"acknowledged", counts.acknowledged.load()},
                    {"replayed", counts.replayed.load()},
                    {"refusals", counts.refusals.load()},
                    {"given_up", counts.given_up.load()},
                    {"lists_refused", counts.lists_refused.load()},
                    {"lists_behind", counts.lists_behind.load()},
                    {"mallocs", malloc_fault_calls().made},
                    {"mallocs_failed", malloc_fault_calls().failed},
                    {"reads", health.reads},
                    {"writes", health.writes}}
                   .dump()
            << std::endl;
  if (options.crash) {
    std::_Exit(Exit::done);
  }
  return counts.lists_behind == 0 ? Exit::done : Exit::broken_promise;
}

// --- verify --------------------------------------------------------------------------------------

// Everything in the file that the store has no verb for: its threads, and which comment has which
// key. By a connection of its own.
struct Index {
  std::vector<std::string> content_ids;
  std::map<std::pair<std::string, std::int64_t>, std::string> keys;
};

bool read_rows(sqlite3* database, const char* sql, auto row) {
  sqlite3_stmt* statement = nullptr;
  bool good = sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK;
  int code = SQLITE_ROW;
  while (good && (code = sqlite3_step(statement)) == SQLITE_ROW) {
    row(statement);
  }
  sqlite3_finalize(statement);
  return good && code == SQLITE_DONE;
}

std::string text_at(sqlite3_stmt* statement, int column) {
  const auto* text = sqlite3_column_text(statement, column);
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

std::optional<Index> read_index(const std::string& file) {
  Index index;
  sqlite3* database = nullptr;
  const bool good =
      sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK &&
      read_rows(database, "SELECT content_id FROM contents UNION SELECT content_id FROM comments",
                [&](sqlite3_stmt* row) { index.content_ids.push_back(text_at(row, 0)); }) &&
      read_rows(database, "SELECT content_id, seq, key FROM idempotency_keys",
                [&](sqlite3_stmt* row) {
                  index.keys[{text_at(row, 0), sqlite3_column_int64(row, 1)}] = text_at(row, 2);
                });
  sqlite3_close(database);
  return good ? std::optional(index) : std::nullopt;
}

// The whole thread, page by page, and its total as the store gives it.
comments::Result<std::int64_t> print_thread(comments::Store& store, const Index& index,
                                            const std::string& content_id, std::int64_t& printed) {
  comments::ListQuery query{.content_id = *comments::ContentId::parse(content_id), .after = 0};
  for (;;) {
    auto page = store.list(query);
    if (!page) {
      return page.error();
    }
    for (const auto& comment : page->comments) {
      const auto key = index.keys.find({content_id, comment.id});
      std::cout << json{{"content_id", content_id},
                        {"id", comment.id},
                        {"key", key == index.keys.end() ? "" : key->second},
                        {"email", comment.email},
                        {"bytes", comment.comment.size()},
                        {"crc", crc32(comment.comment)}}
                       .dump()
                << '\n';
      query.after = comment.id;
      ++printed;
    }
    if (page->comments.size() < static_cast<std::size_t>(query.limit)) {
      return page->total;
    }
  }
}

int verify(const Options& options) {
  auto store = comments::open_sqlite_store({.path = options.file});
  if (!store) {
    return could_not_open(store.error());
  }
  const auto index = read_index(options.file);
  if (!index) {
    std::cerr << "store_driver: cannot read the tables\n";
    return Exit::failed;
  }
  json totals = json::object();
  std::int64_t printed = 0;
  for (const auto& content_id : index->content_ids) {
    auto total = print_thread(**store, *index, content_id, printed);
    if (!total) {
      return could_not_open(total.error());
    }
    totals[content_id] = *total;
  }
  auto receipt = comments::post_and_wait(
      **store, *comments::Draft::parse(*comments::ContentId::parse("afterwards"),
                                       {.email = "verify@example.com", .comment = "still here"}));
  if (!receipt) {
    return could_not_open(receipt.error());
  }
  std::cout << json{{"comments", printed}, {"totals", totals}, {"posted", receipt->id}}.dump()
            << '\n';
  return Exit::done;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Drives the SQLite store for the fault tests"};
  app.require_subcommand(1);
  Options options;
  auto* const post_command = app.add_subcommand("post", "Post from several threads");
  post_command->add_option("file", options.file)->required();
  post_command->add_option("acks", options.acks)->required();
  post_command->add_option("--threads", options.threads);
  post_command->add_option("--posts", options.posts);
  post_command->add_option("--contents", options.contents);
  post_command->add_option("--bytes", options.bytes);
  post_command->add_option("--tries", options.tries);
  post_command->add_option("--list-every", options.list_every);
  post_command->add_flag("--crash", options.crash);
  post_command->add_option("--fail-malloc", options.malloc_fault.nth);
  post_command->add_option("--malloc-times", options.malloc_fault.times);
  post_command->add_flag("--malloc-when-open", options.malloc_fault.when_open);
  auto* const verify_command = app.add_subcommand("verify", "Print what is there");
  verify_command->add_option("file", options.file)->required();
  CLI11_PARSE(app, argc, argv);
  if (!install(options.malloc_fault)) {
    std::cerr << "store_driver: SQLite's memory cannot be replaced\n";
    return Exit::usage;
  }
  return post_command->parsed() ? post(options) : verify(options);
}
