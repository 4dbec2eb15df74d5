#include "core/ops/metrics_text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace comments::ops {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What is left of a line; each take_… moves on past what it has read.
class Rest {
 public:
  explicit Rest(std::string_view line) : text_(line) {}

  bool empty() const { return text_.empty(); }

  bool skip(char c) {
    if (!text_.starts_with(c)) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  void skip_blanks() {
    take_while([](char c) { return c == ' ' || c == '\t'; });
  }

  std::string_view take_word() {
    return take_while([](char c) { return c != ' ' && c != '\t'; });
  }

  // "": there is none.
  std::string_view take_name() {
    return !text_.empty() && is_letter(text_.front())
               ? take_while([](char c) { return is_letter(c) || is_digit(c); })
               : "";
  }

  // What is between quotes, without its escapes.
  std::optional<std::string> take_quoted() {
    if (!skip('"')) {
      return std::nullopt;
    }
    std::string value;
    while (!text_.empty() && !skip('"')) {
      const bool escaped = skip('\\');
      if (text_.empty()) {
        return std::nullopt;
      }
      value += escaped && text_.front() == 'n' ? '\n' : text_.front();
      text_.remove_prefix(1);
      if (text_.empty()) {
        return std::nullopt;  // and no quote has ended it
      }
    }
    return value;
  }

 private:
  template <typename Rule>
  std::string_view take_while(Rule rule) {
    const auto end = std::find_if_not(text_.begin(), text_.end(), rule);
    const auto taken = text_.substr(0, static_cast<std::size_t>(end - text_.begin()));
    text_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view text_;
};

// What stands between braces, and the closing one.
bool take_labels(Rest& rest, Sample& sample) {
  rest.skip_blanks();
  while (!rest.skip('}')) {
    const auto name = rest.take_name();
    rest.skip_blanks();
    if (name.empty() || !rest.skip('=')) {
      return false;
    }
    rest.skip_blanks();
    auto value = rest.take_quoted();
    if (!value) {
      return false;
    }
    sample.labels.emplace_back(name, *std::move(value));
    rest.skip_blanks();
    const bool more = rest.skip(',');
    rest.skip_blanks();
    if (!more) {
      return rest.skip('}');
    }
  }
  return true;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) {  // from_chars takes none
    text.remove_prefix(1);
  }
  Number number{};
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

std::optional<Sample> sample_of(std::string_view line) {
  Rest rest(line);
  rest.skip_blanks();
  Sample sample{.name = std::string(rest.take_name()), .labels = {}};
  rest.skip_blanks();
  if (sample.name.empty() || (rest.skip('{') && !take_labels(rest, sample))) {
    return std::nullopt;
  }
  rest.skip_blanks();
  const auto value = number_of<double>(rest.take_word());
  rest.skip_blanks();
  if (!value) {
    return std::nullopt;
  }
  sample.value = *value;
  if (rest.skip('#') || rest.empty()) {
    return sample;
  }
  const bool has_time = number_of<double>(rest.take_word()).has_value();
  rest.skip_blanks();
  return has_time && (rest.empty() || rest.skip('#')) ? std::optional(sample) : std::nullopt;
}

}  // namespace

std::string_view Sample::label(std::string_view key) const {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const auto& label) { return label.first == key; });
  return found == labels.end() ? std::string_view() : found->second;
}

MetricsText parse_metrics(std::string_view text) {
  MetricsText parsed;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || line[begin] == '#') {
      continue;
    }
    if (auto sample = sample_of(line)) {
      parsed.samples.push_back(*std::move(sample));
    } else {
      ++parsed.refused_lines;
    }
  }
  return parsed;
}

}  // namespace comments::ops
