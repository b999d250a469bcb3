-- One buyer's orders.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- ARGV    2  the buyer
-- returns {STANDS, epoch, version, available, the orders as a buyer's value has them, 24 bytes each, in the order in
--         which they were made}; or {code, epoch}
--
-- Atomic: the orders are those of a gate that stands.

local code, gate = look()
if code ~= STANDS then
  return elsewhere(code, gate)
end

local answer = view(gate)
answer[5] = redis.call('HGET', KEYS[2], ARGV[2]) or ''
return answer
