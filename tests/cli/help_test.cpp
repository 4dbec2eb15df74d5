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
  deploy                    Roll a commit out on Google Cloud
  status                    See how a service does
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

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable, 5 rolled back, 6 degraded, 7 held, 130 interrupted.
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
  --admin-port N            0: the kernel chooses [9464, or another if that is taken]
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
  --access-log WHICH        Requests in the log: errors (and slow ones), sample (and 1 %), all [auto]
  --drain-delay TIME        After SIGTERM, answer that long before draining: 5s, 500ms [0s]
  --idle-timeout TIME       Hang up after that long without a request: longer than whoever is in front does [60s]

Exit codes: 0 ok, 1 failed, 2 usage.
)");
}

TEST_CASE("comments post --help", "[cli]") {
  CHECK(help({"post", "-h"}) == R"(Write a comment, or many from a file

Usage: comments post CONTENT_ID --email ADDRESS [TEXT] [OPTIONS]
       comments post --from FILE [OPTIONS]

Arguments:
  CONTENT_ID                The article's thread
  TEXT                      The comment; after -- if it begins with -; left out: standard input

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --email ADDRESS           The author's address; with --from, it is in the lines
  --key KEY                 Idempotency key: post with it as often as you like
  --url URL                 The service, http:// or https:// [http://localhost:8000, or at PORT]
  --from FILE               Post every line of an NDJSON file; -: standard input
  --concurrency N           Posts under way at once; 1 keeps the file's order [16]
  --failed FILE             Where refused lines go [FILE.failed; for -: comments.failed]
  --trace                   Name a trace to the service, for its log, and print it on standard error
  --json                    Print the result as JSON, see below

A line of FILE is {"content_id":…,"email":…,"comment":…}. Its number and text make its
idempotency key: the same file posted again, within 24 hours, adds nothing. An interrupted
run is continued by running it again. The file of --failed is made at the first line that is
refused and then replaces an older one; it is never removed.

The JSON is format 1: {"content_id":…,"format":1,"id":N,"location":…}, or with --from
{"failed":N,"format":1,"posted":N}.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable, 130 interrupted.
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
  --url URL                 The service, http:// or https:// [http://localhost:8000, or at PORT]
  --limit N                 At most that many comments
  --after ID                Only comments after the one with this number
  --order ORDER             asc: oldest first; desc: newest first [asc]
  --follow                  Then go on with what is new; --limit N: after the newest N
  --trace                   Name a trace to the service, for its log, and print it on standard error
  --json                    Print an array of comments, with --follow a line for each, as JSON

The JSON is format 1: comments are {"comment":…,"content_id":…,"created_at":…,
"email":…,"id":N}, without email where the service hides it. Fields may be added; these
keep their meaning as long as the format is 1.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable.
)");
}

TEST_CASE("comments status --help", "[cli]") {
  CHECK(help({"status", "--help"}) == R"(See how a service does

Usage: comments status [OPTIONS]
       comments status --env ENV [OPTIONS]

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --url URL                 The service, http:// or https:// [http://localhost:8000, or at PORT]
  --admin-url URL           Its admin port, for the figures [of a local service: http://127.0.0.1:9464]
  --watch                   Look again and again; Ctrl-C ends
  --interval TIME           Between two looks: 5s, 500ms [1s; with --watch 2s, with --env 30s]
  --json                    Print one object, with --watch a line for each, as JSON
  --quiet                   Print nothing and ask for health alone: a container's health check
  --env ENV                 An environment on Google Cloud, such as prod, instead of one service
  --config-dir DIR          Where environments have their folders [terraform/environments, here or above]
  --explain                 With --env: also the last rollout that failed, why, and what to type next
  --no-drift                With --env: do not ask terraform what it would change, which takes longest

Where --url is not given, the service is looked for where `comments serve` would listen:
at COMMENTS_PORT or PORT, its admin port at COMMENTS_ADMIN_PORT. Rates need two looks, so
that an answer takes an interval. Errors are answers of 5xx and requests turned away at the
door; what failed is in no quantile.

The JSON is format 1: {"admin_url":…,"figures":…,"figures_message":…,"format":1,
"health":…,"message":…,"time":…,"url":…,"verdict":…}. verdict: ready, degraded or
unreachable. health: what /health/ready says. figures: uptime_seconds, levels such as
connections, queue_depth and memory_bytes, and twice the same about what has happened,
lately and since_start: requests, error_ratio, p99_seconds and so on, in so many seconds.
What nobody knows is null. Fields may be added.

With --env, Google Cloud, the state bucket, Prometheus, terraform and the public address
are asked at once; nothing is changed. Degraded (6): the public address is not ready, or
serves another commit than was released; a newer revision serves nobody; a rollout is held
or has died; an error budget is used up; an alert fires; there is drift. What cannot be
found out is shown as unknown, with the reason, and changes nothing; but without the
service or the rollout's lock there is no verdict (4).

Alerts on Google Cloud are the policies' PromQL, asked now: an alert that has to last
counts at once, a silenced one counts, what is no PromQL is not seen. Drift is what
terraform would change with the released image and the files here; with --watch it is
looked at every 10 minutes.

The JSON of --env is format 1: alerts, budgets, drift, ended (rollouts, the newest first),
environment, explanation (with --explain), figures (of 5 minutes), format, health,
instances, notes, project, reasons, region, release, rollout, service, time, unknown, url,
verdict: ok, degraded or unreachable.

Exit codes: 0 ok, 1 failed, 2 usage, 4 unavailable, 6 degraded, 130 interrupted.
)");
}

TEST_CASE("comments migrate --help", "[cli]") {
  CHECK(help({"migrate", "--help"}) == R"(Bring a store's schema up to date

Usage: comments migrate [OPTIONS]

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --store STORE             sqlite:PATH, postgres://USER@HOST/DATABASE or memory: [sqlite:comments.db]
  --store-password-file FILE
                            Holds the password of a postgres:// store [COMMENTS_STORE_PASSWORD]
  --json                    Print {"before":N,"format":1,"now":N}

Instances of this release and of the one before it may serve meanwhile. `comments serve`
does the same at its start; as a command of its own it can be a job before a rollout.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable.
)");
}

TEST_CASE("comments export --help", "[cli]") {
  CHECK(help({"export", "--help"}) == R"(Write everything in a store to a file

Usage: comments export [FILE] [OPTIONS]

Arguments:
  FILE                      Where to; -: standard output [-]

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --store STORE             sqlite:PATH, postgres://USER@HOST/DATABASE or memory: [sqlite:comments.db]
  --store-password-file FILE
                            Holds the password of a postgres:// store [COMMENTS_STORE_PASSWORD]
  --json                    Print {"comments":N,"format":1,"sha256":…,"threads":N}

NDJSON: a line for each comment, with its id, time and idempotency key, and a last line with
counts and a checksum. It shows one moment; the store may be served meanwhile. It holds
e-mail addresses, whatever --email-visibility is.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable.
)");
}

TEST_CASE("comments import --help", "[cli]") {
  CHECK(help({"import", "--help"}) == R"(Put such a file into a store

Usage: comments import FILE [OPTIONS]

Arguments:
  FILE                      What `comments export` has written

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --store STORE             sqlite:PATH, postgres://USER@HOST/DATABASE or memory: [sqlite:comments.db]
  --store-password-file FILE
                            Holds the password of a postgres:// store [COMMENTS_STORE_PASSWORD]
  --json                    Print {"comments":N,"format":1,"sha256":…,"threads":N}

Ids and times stay as they are. The same file again adds nothing: an interrupted import is
continued by running it again. At the end the store is read back and compared with the
file's counts and checksum.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable.
)");
}

TEST_CASE("comments backup --help", "[cli]") {
  CHECK(help({"backup", "--help"}) == R"(Copy a SQLite store while it is served

Usage: comments backup FILE [OPTIONS]

Arguments:
  FILE                      The copy; it must not exist yet

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --store STORE             sqlite:PATH, postgres://USER@HOST/DATABASE or memory: [sqlite:comments.db]
  --store-password-file FILE
                            Holds the password of a postgres:// store [COMMENTS_STORE_PASSWORD]

The store may be served meanwhile. FILE has its name only when it is whole and checked.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable.
)");
}

TEST_CASE("comments restore --help", "[cli]") {
  CHECK(help({"restore", "--help"}) == R"(Make a SQLite store of such a copy

Usage: comments restore FILE [OPTIONS]

Arguments:
  FILE                      What `comments backup` has written

Options:
  -h, --help                Show this help
  --config FILE             Read settings from this TOML file
  --store STORE             sqlite:PATH, postgres://USER@HOST/DATABASE or memory: [sqlite:comments.db]
  --store-password-file FILE
                            Holds the password of a postgres:// store [COMMENTS_STORE_PASSWORD]

The store must not exist yet: move the old one away, with its -wal and -shm files.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused, 4 unavailable.
)");
}

}  // namespace comments::tests
