-- Closes a gate to everyone until it is opened under a higher epoch: the first step of a rebuild. A snapshot that was
-- taken before, and comes late, opens it no more: neither a gate that is there nor one that is missing.
--
-- KEYS    1  db:{sale}:gate
-- ARGV    1  the store's epoch: a gate of a later one was rebuilt meanwhile, and is left alone
-- returns 1 where nothing can be admitted any more under this epoch or an earlier one; 0 where the gate is of a later
--         one
--
-- Atomic; done twice it is done once. Of a gate that is missing there is the fence alone, and it is missing to all.

local values = redis.call('HMGET', KEYS[1], 'epoch', 'fence')
local epoch, fence = tonumber(values[1]), tonumber(values[2])
if epoch and epoch > tonumber(ARGV[1]) then
  return 0
end
if epoch then
  redis.call('HSET', KEYS[1], 'state', 'rebuilding')
end
if not fence or fence < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'fence', ARGV[1])
end
return 1
