#include "core/ops/cloud/promql.h"

#include <cstdlib>

#include <fmt/format.h>

#include "core/ops/cloud/json.h"

namespace comments::ops {

std::string query_path(std::string_view expression) {
  std::string path = "/api/v1/query?query=";
  for (const char c : expression) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      path += c;
    } else {
      path += fmt::format("%{:02X}", byte);
    }
  }
  return path;
}

std::optional<std::vector<Answer>> parse_answers(std::string_view body) {
  const auto document = parse_json(body);
  const auto& result = at(document, "/data/result");
  if (text_at(document, "/status") != "success" || !result.is_array()) {
    return std::nullopt;
  }
  std::vector<Answer> answers;
  for (const auto& series : result) {
    Answer answer;
    for (const auto& [name, value] : at(series, "/metric").items()) {
      answer.labels[name] = value.is_string() ? value.get<std::string>() : "";
    }
    answer.value = std::strtod(text_at(series, "/value/1").c_str(), nullptr);
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace comments::ops
