#include "core/store/postgres/news.h"
#include "core/store/store_url.h"
#include "tests/fuzz/target.h"

using comments::fuzz::must_hold;

// What other instances say, and what a person wrote after --store.
FUZZ_TARGET(postgres_text) {
  const auto news = comments::postgres::parse_news(input);
  std::map<std::string, std::int64_t> again;
  for (const auto& payload : comments::postgres::news_payloads(news)) {
    again.merge(comments::postgres::parse_news(payload));
  }
  must_hold(again == news, "news come back from what is made of them");

  const auto masked = comments::masked_store_url(input);
  must_hold(comments::masked_store_url(masked) == masked, "what is masked stays as it is");
  const auto url = "postgres://u:hunter2@h/" + std::string(input);
  must_hold(comments::masked_store_url(url).find("hunter2@h") == std::string::npos,
            "a password before the host is masked, whatever follows");
}
