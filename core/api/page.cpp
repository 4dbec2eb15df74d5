#include "core/api/page.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/api/responses.h"
#include "core/net/gzip.h"
#include "core/wire/etag.h"

namespace comments {
// By name; embedded by core/CMakeLists.txt.
std::vector<std::pair<std::string_view, std::string_view>> page_files();
}  // namespace comments

namespace comments::api {
namespace {

constexpr std::string_view kDocument = "index.html";

// Nothing from elsewhere, nothing inline, no text that becomes markup or code, no frame around it.
constexpr std::string_view kDocumentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

// Where the document as it is written finds its files.
constexpr std::string_view kPathInDocument = "/page/version/";

struct File {
  std::string_view name;
  std::string text;
  std::string etag;
  std::string gzip;
  std::string gzip_etag;
};

// FNV-1a: the same bytes have the same tag on every instance.
std::string hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

std::string_view content_type_of(std::string_view name) {
  return name.ends_with(".js")    ? "text/javascript; charset=utf-8"
         : name.ends_with(".css") ? "text/css; charset=utf-8"
                                  : "text/html; charset=utf-8";
}

File make_file(std::string_view name, std::string text) {
  const auto hash = hash_of(text);
  const auto gzip = net::GzipText().grown_to(text);
  return {.name = name,
          .text = std::move(text),
          .etag = fmt::format("\"{}\"", hash),
          .gzip = std::string(gzip.shared().bytes) + gzip.end(""),
          .gzip_etag = fmt::format("\"{}-gz\"", hash)};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

struct Page {
  std::string version;
  File document;
  std::vector<File> files;
};

Page make_page() {
  Page page;
  std::string everything;
  for (const auto& [name, text] : page_files()) {
    everything += text;
    if (name != kDocument) {
      page.files.push_back(make_file(name, std::string(text)));
    }
  }
  page.version = hash_of(everything);
  for (const auto& [name, text] : page_files()) {
    if (name == kDocument) {
      page.document = make_file(
          name, replaced(std::string(text), kPathInDocument, "/page/" + page.version + "/"));
    }
  }
  return page;
}

// Made once, and never unmade: answers on their way share its bytes.
const Page& the_page() {
  static const auto* const page = new Page(make_page());
  return *page;
}

net::Response answer_with(const File& file, std::string_view cache_control, const Call& call) {
  const auto& etag = call.accepts_gzip ? file.gzip_etag : file.etag;
  net::Response response{.headers = {{"Cache-Control", std::string(cache_control)},
                                     {"ETag", etag},
                                     {"Vary", "Accept-Encoding"}}};
  if (is_known(call.if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = content_type_of(file.name);
  response.shared.bytes = call.accepts_gzip ? file.gzip : file.text;
  if (call.accepts_gzip) {
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  return response;
}

}  // namespace

net::Response page_document(const Call& call) {
  auto response = answer_with(the_page().document, "public, max-age=300", call);
  response.headers.emplace_back(kContentSecurityPolicy, kDocumentPolicy);
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

net::Response page_file(const Call& call) {
  const auto& page = the_page();
  const auto file = std::find_if(page.files.begin(), page.files.end(), [&](const File& f) {
    return f.name == call.target.segments.at(2);
  });
  if (file == page.files.end()) {
    return error_response({ErrorCode::not_found, "the page has no such file", {}}, call.request_id);
  }
  const bool is_current = call.target.segments.at(1) == page.version;
  return answer_with(*file, is_current ? "public, max-age=31536000, immutable" : "no-store", call);
}

}  // namespace comments::api
