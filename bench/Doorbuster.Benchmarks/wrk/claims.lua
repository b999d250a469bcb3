-- Fires claims whose tokens are ready in files, one a thread, a line a claim: "<path> <purchase token>".
-- Arguments: the files' common prefix, and the milliseconds that a connection waits before its next claim, if any.
-- A thread whose file is used up begins it again, which the driver notices.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  heads, tokens, count, at = {}, {}, 0, 0
  local pause = tonumber(args[2] or 0)
  if pause > 0 then
    delay = function() return pause end
  end
  for line in io.lines(args[1] .. number) do
    local path, token = line:match("^(%S+) (%S+)$")
    count = count + 1
    heads[count] = path
    tokens[count] = token
  end
end

function request()
  at = at % count + 1
  return "POST " .. heads[at] .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    .. "Content-Length: 14\r\nIdempotency-Key: k1\r\nPurchase-Token: " .. tokens[at] .. "\r\n\r\n{\"quantity\":1}"
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    summary.errors.status))
end
