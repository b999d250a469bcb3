-- Takes entries out of a sale's log.
--
-- KEYS    1  db:{sale}:claims
-- ARGV    1  the group of workers   2 and on: the id of an entry, and the epoch that it carries, in turn
-- returns how many were there
--
-- An entry is known by both. Ids are made of the time, and a server that took over, or came back older, knows nothing
-- of those that another one has given: the same id may name what a later gate has admitted, and nobody has committed.
-- Of one epoch there is one gate, on one server, and its ids differ.
--
-- Atomic: an entry that was acknowledged to the group and not deleted would be given to nobody, and stay for ever. Done
-- twice it is done once.

if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end

local function is_of(entry, epoch)
  for i = 1, #entry, 2 do
    if entry[i] == 'epoch' then
      return entry[i + 1] == epoch
    end
  end
end

-- One that is gone may still be in somebody's hands.
local ids = {}
for i = 2, #ARGV, 2 do
  local there = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1]
  if not there or is_of(there[2], ARGV[i + 1]) then
    ids[#ids + 1] = ARGV[i]
  end
end
if #ids == 0 then
  return 0
end
local deleted = redis.call('XDEL', KEYS[1], unpack(ids))
redis.call('XACK', KEYS[1], ARGV[1], unpack(ids))
return deleted
