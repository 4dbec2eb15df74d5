#include "core/net/growing_text.h"

#include <thread>

#include "tests/support/catch.h"

namespace comments::net::tests {

TEST_CASE("text grows behind what was there, and earlier copies keep what they had", "[net]") {
  const GrowingText a("one");
  const auto b = a.plus(" two");
  const auto c = b.plus(" three");
  CHECK(a.view() == "one");
  CHECK(b.view() == "one two");
  CHECK(c.view() == "one two three");
  CHECK(GrowingText().view().empty());
  CHECK(a.plus("").view() == "one");
}

TEST_CASE("the newest copy grows in place", "[net]") {
  auto text = GrowingText(std::string(1'000, 'x')).plus("y");  // with room to spare from here on
  const auto* where = text.view().data();
  for (int i = 0; i < 100; ++i) {
    text = text.plus("z");
  }
  CHECK(text.view().data() == where);
  CHECK(text.view().size() == 1'101);
  CHECK(text.capacity() >= text.view().size());
}

TEST_CASE("two futures of one text do not see each other", "[net]") {
  const auto common = GrowingText("abc").plus("def");
  const auto left = common.plus("left");
  const auto right = common.plus("right");
  CHECK(left.view() == "abcdefleft");
  CHECK(right.view() == "abcdefright");
  CHECK(common.view() == "abcdef");
}

TEST_CASE("what is shared outlives the text", "[net]") {
  const auto shared = GrowingText("still here").shared();
  CHECK(shared.bytes == "still here");
}

TEST_CASE("memory that is counted is given back with the last who reads it", "[net]") {
  Budget budget(1'000);
  const std::vector<std::string> pieces{std::string(300, 'a'), std::string(100, 'b')};
  SharedBytes sent;
  {
    const auto text = GrowingText().plus(pieces, budget);
    REQUIRE(text);
    CHECK(text->view() == pieces[0] + pieces[1]);
    CHECK(budget.taken() == 400);
    const auto copy = *text;
    sent = copy.shared();
    CHECK(budget.taken() == 400);
  }
  CHECK(budget.taken() == 400);
  sent.owner.reset();
  CHECK(budget.taken() == 0);
}

TEST_CASE("growing in place costs a budget nothing; a larger block needs room beside the old one",
          "[net]") {
  Budget budget(1'000);
  const std::vector<std::string> some{std::string(200, 'x')};
  const std::vector<std::string> little{"y"};
  auto text = *GrowingText().plus(some, budget);
  text = *text.plus(some, budget);  // 400, and half of that to spare
  CHECK(budget.taken() == 600);
  text = *text.plus(some, budget);
  CHECK(budget.taken() == 600);
  CHECK_FALSE(text.plus(little, budget));
  CHECK(text.view().size() == 600);
  CHECK(budget.taken() == 600);
}

TEST_CASE("a text may grow on several threads at once", "[net]") {
  const auto common = GrowingText(std::string(100, '-')).plus("-");
  std::vector<std::string> ends(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    threads.emplace_back([&, i] {
      auto mine = common;
      for (int n = 0; n < 200; ++n) {
        mine = mine.plus(std::to_string(i));
      }
      ends[i] = mine.view().substr(common.view().size());
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (std::size_t i = 0; i < ends.size(); ++i) {
    CHECK(ends[i] == std::string(200, static_cast<char>('0' + i)));
  }
}

}  // namespace comments::net::tests
