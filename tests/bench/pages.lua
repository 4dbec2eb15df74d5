-- Pages of 50 from anywhere in a thread: words are the path, with %d for one of the threads, how
-- many threads there are, how many comments each has, and a number for the dice.
require "report"

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(words)
  path, threads, comments = words[1], tonumber(words[2]), tonumber(words[3])
  math.randomseed(tonumber(words[4]) + number)
end

function request()
  return wrk.format("GET", string.format(path, math.random(0, threads - 1)) ..
    "?limit=50&after=" .. math.random(0, comments - 50))
end
