-- Buyers' orders.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- ARGV    2 and on: the buyers, at least one
-- returns {STANDS, epoch, version, available, for each buyer the orders as a buyer's value has them, 24 bytes each, in
--         the order in which they were made}; or {code, epoch}
--
-- Atomic: the orders are those of a gate that stands.

local code, gate, known = look({unpack(ARGV, 2)})
if code ~= STANDS then
  return elsewhere(code, gate)
end

local answer = view(gate)
for i = 2, #ARGV do
  answer[3 + i] = known[i] or ''
end
return answer
