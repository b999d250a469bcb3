-- Closes a gate to everyone until it is opened under a higher epoch: the first step of a rebuild.
--
-- KEYS    1  db:{sale}:gate
-- ARGV    1  the store's epoch: a gate of a later one was rebuilt meanwhile, and is left alone
-- returns 1 where nothing can be admitted any more under this epoch or an earlier one; 0 where the gate is of a later
--         one
--
-- Atomic; done twice it is done once. A gate that is missing admits nothing.

local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch'))
if epoch and epoch > tonumber(ARGV[1]) then
  return 0
end
if epoch then
  redis.call('HSET', KEYS[1], 'state', 'rebuilding')
end
return 1
