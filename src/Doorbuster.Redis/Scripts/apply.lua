-- Takes over an operator's change that the store has committed.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- ARGV    2  the store's epoch at the change; empty where gate and store are of one process
--         3  revision   4  total units   5  per-buyer limit   6  opens, ms   7  closes, ms, or empty   8  state
-- returns {STANDS, epoch, version, available}: done, or known already; {OLDER, epoch} where the gate is of an epoch
--         before the store's
--
-- Atomic; only a higher revision changes anything, and what is available grows by the difference of the totals. So a
-- change that comes twice, or late, adds nothing twice.

local code, gate = look()
if code ~= STANDS then
  return elsewhere(code, gate)
end

local revision, total = tonumber(ARGV[3]), tonumber(ARGV[4])
if (tonumber(ARGV[2]) or gate.epoch) > gate.epoch then
  return {OLDER, gate.epoch}
elseif revision <= gate.revision then
  return view(gate)
end

-- From here on it writes.
change(gate, total - gate.total)
redis.call('HSET', KEYS[1], 'revision', ARGV[3], 'total', ARGV[4], 'limit', ARGV[5], 'opens_ms', ARGV[6],
  'closes_ms', ARGV[7], 'state', ARGV[8], 'available', text(gate.available), 'version', text(gate.version))
return view(gate)
