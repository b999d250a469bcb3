-- Takes entries out of sales' logs.
--
-- KEYS    db:{sale}:claims of one sale or more
-- ARGV    1  the group of workers   then for each sale how many entries are meant, and for each of those its id and
--         the epoch that it carries, in turn
-- returns how many were there
--
-- An entry is known by both. Ids are made of the time, and a server that took over, or came back older, knows nothing
-- of those that another one has given: the same id may name what a later gate has admitted, and nobody has committed.
-- Of one epoch there is one gate, on one server, and its ids differ.
--
-- Atomic: an entry that was acknowledged to the group and not deleted would be given to nobody, and stay for ever. Done
-- twice it is done once.

local function is_of(entry, epoch)
  for i = 1, #entry, 2 do
    if entry[i] == 'epoch' then
      return entry[i + 1] == epoch
    end
  end
end

-- Those of a sale's that are meant. One that is gone may still be in somebody's hands.
local function meant(log, first, last)
  local ids = {}
  for i = first, last, 2 do
    local there = redis.call('XRANGE', log, ARGV[i], ARGV[i])[1]
    if not there or is_of(there[2], ARGV[i + 1]) then
      ids[#ids + 1] = ARGV[i]
    end
  end
  return ids
end

-- Of a log that is gone nothing is found, and nothing is made.
local deleted, at = 0, 2
for _, log in ipairs(KEYS) do
  local last = at + 2 * tonumber(ARGV[at])
  local ids = meant(log, at + 1, last)
  if #ids > 0 then
    deleted = deleted + redis.call('XDEL', log, unpack(ids))
    redis.call('XACK', log, ARGV[1], unpack(ids))
  end
  at = last + 1
end
return deleted
