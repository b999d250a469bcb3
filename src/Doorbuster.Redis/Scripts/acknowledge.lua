-- Takes entries out of a sale's log.
--
-- KEYS    1  db:{sale}:claims
-- ARGV    1  the group of workers   2 and on: ids of entries
-- returns how many were there
--
-- Atomic: an entry that was acknowledged to the group and not deleted would be given to nobody, and stay for ever. Done
-- twice it is done once.

if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local deleted = redis.call('XDEL', KEYS[1], unpack(ARGV, 2))
redis.call('XACK', KEYS[1], unpack(ARGV))
return deleted
