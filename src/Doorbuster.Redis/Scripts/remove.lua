-- Removes the gate of a sale that is over, once nothing of it is on its way.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- ARGV    2  the store's epoch
-- returns 1 where it is gone, now or before; 0 where it stays: it is not closed, not of the store's epoch, damaged, or
--         its log has entries, which a gate that was lost may have left behind
--
-- Atomic: between the look and the removal nothing can be admitted.

local code, gate = look()
if redis.call('XLEN', KEYS[3]) > 0 then
  return 0
elseif code ~= MISSING
  and (code ~= STANDS or gate.epoch ~= tonumber(ARGV[2]) or gate.state ~= 'closed') then
  return 0
end

redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return 1
