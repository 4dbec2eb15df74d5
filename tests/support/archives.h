// Verbs for moving a store's content about.
#pragma once

#include <sstream>
#include <string>

#include "core/archive/archive.h"
#include "core/store/archive.h"
#include "tests/support/drafts.h"

namespace comments::tests {

inline void no_progress(std::int64_t /*done*/, std::int64_t /*total*/) {}

// The archive of the store at `url`.
inline std::string exported(const std::string& url) {
  const auto reader = must(open_archive_reader({.url = url}));
  std::ostringstream out;
  must(archive::export_all(*reader, out, no_progress));
  return out.str();
}

inline Result<archive::Imported> import_into(const std::string& url, const std::string& text) {
  const auto writer = must(open_archive_writer({.url = url}));
  std::istringstream in(text);
  return archive::import_all(in, *writer, no_progress);
}

inline std::string verdict(const std::string& url, const std::string& text) {
  const auto reader = must(open_archive_reader({.url = url}));
  std::istringstream in(text);
  const auto verified = archive::verify(in, *reader, no_progress);
  return verified ? "equal" : verified.error().message;
}

// A few threads with every kind of text and name, some comments with keys.
inline void fill(Store& store) {
  for (int i = 0; i < 2'500; ++i) {
    must(post(store, draft("long", "comment " + std::to_string(i),
                           i % 2 == 0 ? "key-" + std::to_string(i) : "")));
  }
  for (const std::string name :
       {"1", "10", "2", "a b", "B", "\u00E9", "\U0001F600", "%2F", "a+b"}) {
    must(post(store, draft(name, "quotes \" and \\ and \n and \u2028 \U0001F600", "key")));
    must(post(store, draft(name, "{\"comments\":1}")));
  }
}

}  // namespace comments::tests
