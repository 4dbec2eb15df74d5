#include "core/ops/deploy/plan_file.h"

#include <array>
#include <openssl/evp.h>
#include <vector>

#include <fmt/format.h>

#include "core/ops/cloud/json.h"

namespace comments::ops {
namespace {

constexpr int kFormat = 1;

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                    reinterpret_cast<const unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()));
  const auto padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  if (size < padding) {
    return std::nullopt;
  }
  bytes.resize(static_cast<std::size_t>(size - padding));
  return bytes;
}

std::string hash_of(const PlanFile& file) {
  return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", file.environment, file.commit, file.digest,
                            file.state_generation, file.traffic, file.plan));
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += fmt::format("{:02x}", digest.at(i));
  }
  return text;
}

std::string plan_file_text(const PlanFile& file) {
  const Json json{{"commit", file.commit},
                  {"digest", file.digest},
                  {"environment", file.environment},
                  {"format", kFormat},
                  {"hash", hash_of(file)},
                  {"plan", base64(file.plan)},
                  {"state_generation", file.state_generation},
                  {"traffic", file.traffic}};
  return json.dump(2) + "\n";
}

std::optional<PlanFile> parse_plan_file(std::string_view text) {
  const auto json = parse_json(text);
  const auto plan = from_base64(text_at(json, "/plan"));
  if (number_at(json, "/format", 0) != kFormat || !plan) {
    return std::nullopt;
  }
  PlanFile file{.environment = text_at(json, "/environment"),
                .commit = text_at(json, "/commit"),
                .digest = text_at(json, "/digest"),
                .state_generation = text_at(json, "/state_generation"),
                .traffic = text_at(json, "/traffic"),
                .plan = *plan};
  return hash_of(file) == text_at(json, "/hash") ? std::optional(std::move(file)) : std::nullopt;
}

}  // namespace comments::ops
