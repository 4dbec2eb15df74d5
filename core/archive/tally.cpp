#include "core/archive/tally.h"

#include <array>
#include <openssl/evp.h>

#include <fmt/format.h>

namespace comments::archive {

void Tally::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Tally::Tally() : digest_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr);
}

void Tally::add(const ArchivedComment& archived, std::string_view line) {
  ++trailer_.comments;
  if (archived.content_id.text() != thread_) {
    ++trailer_.threads;
    thread_ = archived.content_id.text();
  }
  EVP_DigestUpdate(digest_.get(), line.data(), line.size());
}

ArchiveTrailer Tally::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_DigestFinal_ex(digest_.get(), bytes.data(), &size);
  for (unsigned i = 0; i < size; ++i) {
    trailer_.sha256 += fmt::format("{:02x}", bytes[i]);
  }
  return trailer_;
}

}  // namespace comments::archive
