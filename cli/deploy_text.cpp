#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "cli/deploy_view.h"
#include "cli/number_words.h"
#include "cli/terminal_text.h"
#include "core/comment/text.h"

namespace comments::cli {
namespace {

using ops::Event;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::size_t kWidth = 78;
constexpr std::size_t kText = 23;  // the column in which what is told begins

std::string first_line(std::string_view text) {
  return one_line(text.substr(0, text.find('\n')));
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<int>(seconds);
  return fmt::format("{:02}:{:02}", whole / 60, whole % 60);
}

// Its first characters, so that it stays one line of a terminal. Bytes cut off within a character
// would take those that follow with them.
std::string_view within(std::string_view text, std::size_t width) {
  auto rest = text;
  for (std::size_t i = 0; i < width && take_code_point(rest); ++i) {
  }
  return text.substr(0, text.size() - rest.size());
}

class DeployText : public ops::Teller {
 public:
  DeployText(std::ostream& err, bool is_terminal, bool colour, bool with_commands)
      : err_(err), is_terminal_(is_terminal), colour_(colour), with_commands_(with_commands) {}

  void tell(const Event& event) override {
    const std::lock_guard lock(mutex_);
    switch (event.kind) {
      case Event::Kind::step_started:
        step_ = event.step;
        doing_ = event.text;
        began_ = Steady::now();
        if (!is_terminal_) {
          line(fmt::format("{}  {:<16}{}", clock_text(event.seconds), event.step,
                           terminal_text(event.text)));
        }
        break;
      case Event::Kind::progress:
        doing_ = event.text;
        if (!is_terminal_) {
          line(fmt::format("{}  {:<16}{}", clock_text(event.seconds), "", first_line(event.text)));
        }
        break;
      case Event::Kind::note:
        line(fmt::format("{}  {:<16}{}", clock_text(event.seconds), "", indented(event.text)));
        break;
      case Event::Kind::waiting:
        if (!is_terminal_) {  // there the time goes on by itself
          line(fmt::format("       {:<16}still at it, {:.0f} s: {}", event.step, took(),
                           first_line(event.text)));
        }
        break;
      case Event::Kind::command:
        if (with_commands_) {
          line(fmt::format("{}  {:<16}$ {}", clock_text(event.seconds), "",
                           terminal_text(event.text)));
        }
        break;
      case Event::Kind::step_done:
        finish("✓", kGreen, event);
        break;
      case Event::Kind::step_skipped:
        finish("-", kPlain, event);
        break;
      case Event::Kind::step_failed:
        finish("✗", kRed, event);
        break;
      case Event::Kind::ended:
        step_.clear();
        line(fmt::format("\n{}: {}", event.step, terminal_text(event.text)));
        break;
    }
    draw();
  }

 private:
  static constexpr const char* kGreen = "\033[32m";
  static constexpr const char* kRed = "\033[31m";
  static constexpr const char* kPlain = "";

  static std::string indented(std::string_view text) {
    std::string result;
    for (const auto c : text) {
      result += c;
      if (c == '\n') {
        result += std::string(kText, ' ');
      }
    }
    return terminal_text(result);
  }

  // By the step, in seconds.
  double took() const { return std::chrono::duration<double>(Steady::now() - began_).count(); }

  void finish(std::string_view mark, const char* colour, const Event& event) {
    const bool in_colour = colour_ && *colour != '\0';
    line(fmt::format("{}{}{} {:<10} {:>6.1f} s  {}", in_colour ? colour : "", mark,
                     in_colour ? "\033[0m" : "", event.step, took(), indented(event.text)));
    step_.clear();
  }

  void line(const std::string& text) {
    erase();
    err_ << text << '\n' << std::flush;
  }

  void erase() {
    if (is_drawn_) {
      err_ << "\r\033[K";
      is_drawn_ = false;
    }
  }

  void draw() {
    if (!is_terminal_ || step_.empty()) {
      return;
    }
    erase();
    auto text = fmt::format("· {:<10} {:>6.1f} s  {}", step_, took(), first_line(doing_));
    err_ << within(text, kWidth) << std::flush;
    is_drawn_ = true;
  }

  // While a command works, time goes on.
  void tick() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kRedraw, [this] { return over_; })) {
      draw();
    }
  }

  class Ticker {
   public:
    explicit Ticker(DeployText& text) : text_(text), thread_([&text] { text.tick(); }) {}
    ~Ticker() {
      {
        const std::lock_guard lock(text_.mutex_);
        text_.over_ = true;
      }
      text_.changed_.notify_one();
      thread_.join();
    }
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

   private:
    DeployText& text_;
    std::thread thread_;
  };

  std::ostream& err_;
  const bool is_terminal_;
  const bool colour_;
  const bool with_commands_;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool over_ = false;
  bool is_drawn_ = false;
  std::string step_;
  std::string doing_;
  Steady::time_point began_ = Steady::now();
  Ticker ticker_{*this};  // last: it is joined before the others go
};

}  // namespace

std::unique_ptr<ops::Teller> make_deploy_text(const Io& io, bool with_commands) {
  const bool colour = io.err_is_terminal && io.environment("NO_COLOR").value_or("").empty();
  return std::make_unique<DeployText>(io.err, io.err_is_terminal, colour, with_commands);
}

}  // namespace comments::cli
