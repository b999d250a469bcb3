-- Loads some buyers beside a gate that is about to be replaced.
--
-- KEYS    1  db:{sale}:gate   2  db:{sale}:buyers:{epoch}, of the new epoch
-- ARGV    1  the new epoch   2  ms after which a loading that nobody finishes is forgotten
--         3 and on: buyer, value, buyer, value
-- returns 1; 0 where a gate of this epoch or a later one is open already, and nothing was written
--
-- Atomic: what belongs to an open gate is never written over, however late a lost call comes.

if tonumber(redis.call('HGET', KEYS[1], 'epoch') or 0) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[2], unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1
