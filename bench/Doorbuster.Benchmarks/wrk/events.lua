-- Fires payment events that are signed already, one file a thread, a line an event: "<id> <time> <signature> <body>".
-- Arguments: the files' common prefix. A thread whose file is used up begins it again, which the driver notices.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  events, count, at = {}, 0, 0
  for line in io.lines(args[1] .. number) do
    count = count + 1
    events[count] = line
  end
end

function request()
  at = at % count + 1
  local id, seconds, signature, body = events[at]:match("^(%S+) (%S+) (%S+) (%S+)$")
  return "POST /v1/payment-events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
    .. #body .. "\r\nwebhook-id: " .. id .. "\r\nwebhook-timestamp: " .. seconds .. "\r\nwebhook-signature: "
    .. signature .. "\r\n\r\n" .. body
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    summary.errors.status))
end
