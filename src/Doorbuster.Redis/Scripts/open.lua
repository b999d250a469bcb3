-- Swaps a sale's gate for one whose buyers are loaded: the last step of a rebuild, and the first of a sale.
--
-- KEYS    1  db:{sale}:gate   2  db:{sale}:buyers:{epoch}, of the new epoch   3  db:{sale}:claims
--         4  db:{sale}:buyers:{epoch} of the gate to be replaced; the new one where there is none
--         5  db:{sale}:loading:{id}, where the buyers were loaded
-- ARGV    1  the new epoch   2  fields that were loaded   3  run id and   4  replication id when loading began
--         5  the epoch of the gate to be replaced; 0 where there is none   6  the consumer group that reads the log
--         7  available   8  held   9  version   10  revision   11  total   12  limit   13  opens, ms
--         14  closes, ms, or empty   15  state
-- returns 1 where it was opened now; 0 where a gate of this epoch or a later one is there, or was fenced before it
--         could be: then somebody rebuilds it under a higher one; -1 where loading has to begin anew: the server is
--         another one, or was restarted, fields are missing, or another gate came meanwhile
--
-- Atomic: nobody meets a sale that is neither the old one nor the new. The log is kept, with all that is in it.

local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or 0)
local fence = tonumber(redis.call('HGET', KEYS[1], 'fence') or 0)
if math.max(epoch, fence) >= tonumber(ARGV[1]) then
  return 0
end
local info = redis.call('INFO', 'server', 'replication')
if epoch ~= tonumber(ARGV[5])
  or not string.find(info, 'run_id:' .. ARGV[3], 1, true)
  or not string.find(info, 'master_replid:' .. ARGV[4], 1, true)
  or redis.call('HGET', KEYS[5], '\0') ~= ARGV[1]
  or redis.call('HLEN', KEYS[5]) ~= tonumber(ARGV[2]) then
  return -1
end

local function last_id()
  local account = redis.call('XINFO', 'STREAM', KEYS[3])
  for i = 1, #account, 2 do
    if account[i] == 'last-generated-id' then
      return account[i + 1]
    end
  end
end

local function has_group()
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[3])) do
    for i = 1, #group, 2 do
      if group[i] == 'name' and group[i + 1] == ARGV[6] then
        return true
      end
    end
  end
end

local has_stream = redis.call('EXISTS', KEYS[3]) == 1
local has_reader = has_stream and has_group()
local time = redis.call('TIME')
local seen_ms = math.max(
  time[1] * 1000 + math.floor(time[2] / 1000), tonumber(redis.call('HGET', KEYS[1], 'seen_ms') or 0))

-- From here on it writes.
if not has_reader then
  redis.call('XGROUP', 'CREATE', KEYS[3], ARGV[6], '0', 'MKSTREAM')
end
local last = last_id()
seen_ms = math.max(seen_ms, tonumber(string.match(last, '^(%d+)-')))
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[4])
redis.call('RENAME', KEYS[5], KEYS[2])
redis.call('PERSIST', KEYS[2])
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'run_id', ARGV[3], 'master_replid', ARGV[4], 'available', ARGV[7],
  'held', ARGV[8], 'version', ARGV[9], 'revision', ARGV[10], 'total', ARGV[11], 'limit', ARGV[12], 'opens_ms', ARGV[13],
  'closes_ms', ARGV[14], 'state', ARGV[15], 'last_id', last, 'seen_ms', string.format('%.0f', seen_ms))
return 1
