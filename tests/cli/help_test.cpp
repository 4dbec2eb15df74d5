// The help is the reference: this is its text.
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"

namespace comments::tests {
namespace {

std::string help(const std::vector<std::string>& words) {
  CliSession session;
  CHECK(session.run(words) == 0);
  CHECK(session.err.empty());
  return session.out;
}

}  // namespace

TEST_CASE("comments --help", "[cli]") {
  CHECK(help({"--help"}) ==
        R"(comments: readers comment on an article and follow what the others say

Usage: comments COMMAND [OPTIONS]

Commands:
  serve                     Serve the API
  post                      Write a comment, or many from a file
  list                      Read a thread
  migrate                   Bring a store's schema up to date
  export                    Write everything in a store to a file
  import                    Put such a file into a store
  backup                    Copy a SQLite store while it is served
  restore                   Make a SQLite store of such a copy

Options:
  -h, --help                Show this help, or that of a command
  --version                 Show the version

Every option is a setting, too: --log-level is COMMENTS_LOG_LEVEL in the environment
and log-level in the config file (--config FILE, COMMENTS_CONFIG, or
/etc/comments/comments.toml). A flag wins over the environment, that over the file.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable, 130 interrupted.
)");
}

TEST_CASE("comments serve --help", "[cli]") {
  CHECK(help({"serve", "--help"}) == R"(Serve the API

Usage: comments serve [OPTIONS]

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --store STORE             sqlite:PATH, postgres://USER@HOST/DATABASE or memory: [sqlite:comments.db]
  --store-password-file FILE
                            Holds the password of a postgres:// store [COMMENTS_STORE_PASSWORD]
  --store-connections N     To a PostgreSQL server, at most: one writes, one listens, the rest read [6]
  --host HOST               Listen there [127.0.0.1, or 0.0.0.0 if PORT is set]
  --port N                  0: the kernel chooses [8000, or PORT]
  --admin-host HOST         Health on a port of its own, for operators [127.0.0.1]
  --admin-port N            [9464, or another if that is taken]
  --email-visibility HOW    What readers see of addresses: raw, masked, hidden [raw]
  --cache-control TEXT      The header of lists [public, max-age=0, s-maxage=1, stale-while-revalidate=5]
  --rate-limit-address RATE
                            Comments from one network address (IPv6: one /64): 60/min [off]
  --rate-limit-email RATE   Comments under one e-mail address: 10/min [off]
  --trusted-proxies N       Our own proxies before us: X-Forwarded-For counts from the right [0]
  --cors-origin LIST        Pages of other origins that may use the API: https://a.example,…
  --cache-size SIZE         Memory for lists that are ready to be sent; 0: none [64MiB]
  --cache-entry-max SIZE    The longest list kept there [16MiB]
  --log-level LEVEL         debug (every request), info, warning, error [info]
  --log-format FORM         text, json; auto: text on a terminal [auto]
  --drain-delay TIME        After SIGTERM, answer that long before draining: 5s, 500ms [0s]
)");
}

TEST_CASE("comments post --help", "[cli]") {
  CHECK(help({"post", "-h"}) == R"(Write a comment, or many from a file

Usage: comments post [CONTENT_ID] [TEXT] [OPTIONS]

Arguments:
  CONTENT_ID                The article's thread
  TEXT                      The comment; after -- if it begins with -; left out: standard input

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --email ADDRESS           The author's address
  --key KEY                 Idempotency key: post with it as often as you like
  --url URL                 The service, http:// or https:// [http://localhost:8000]
  --from FILE               Post every line of an NDJSON file; -: standard input
  --concurrency N           Posts under way at once; 1 keeps the file's order [16]
  --failed FILE             Where lines that were refused go [FILE.failed]
  --json                    Print the result as JSON, see below

A line of FILE is {"content_id":…,"email":…,"comment":…}. Its number and text make its
idempotency key: the same file posted again, within 24 hours, adds nothing. An interrupted
run is continued by running it again. The file of --failed is made at the first line that is
refused and then replaces an older one; it is never removed.

The JSON is format 1: {"content_id":…,"format":1,"id":N,"location":…}, or with --from
{"failed":N,"format":1,"posted":N}.
)");
}

TEST_CASE("comments list --help", "[cli]") {
  CHECK(help({"list", "1", "--help"}) == R"(Read a thread

Usage: comments list CONTENT_ID [OPTIONS]

Arguments:
  CONTENT_ID                The article's thread

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --url URL                 The service, http:// or https:// [http://localhost:8000]
  --limit N                 At most that many comments
  --after ID                Only comments after the one with this number
  --order ORDER             asc: oldest first; desc: newest first [asc]
  --follow                  Then go on with what is new; --limit N: after the newest N
  --json                    Print an array of comments, with --follow a line for each, as JSON

The JSON is format 1: comments are {"comment":…,"content_id":…,"created_at":…,
"email":…,"id":N}, without email where the service hides it. Fields may be added; these
keep their meaning as long as the format is 1.
)");
}

}  // namespace comments::tests
