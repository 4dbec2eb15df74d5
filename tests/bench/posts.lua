-- Posts, no two alike, to 50 threads. Word 1 tells this run's comments from every other run's.
require "report"

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(words)
  run, posted = words[1], 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  posted = posted + 1
  return wrk.format(nil, nil, nil, string.format(
    '{"email":"alice@example.com","comment":"%s-%d-%d agrees with the article","content_id":%d}',
    run, number, posted, posted % 50 + 1))
end
