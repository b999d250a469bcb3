-- Frees the units of orders that the store has ended. Their ids stay taken, so that a replay is known; one that the
-- gate has never heard of, because it was lost with an earlier gate, is noted as ended for the same reason.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- ARGV    2  the store's epoch when they ended; empty where gate and store are of one process
--         3  the orders, packed one after another: key (16 bytes), turn (4, big-endian), the buyer (a byte of length
--            before it)
-- returns {STANDS, epoch, version, available}: done, or contained in the snapshot that opened a later gate;
--         {OLDER, epoch} where the gate is of an epoch before the store's: it comes again once the gate is rebuilt
--
-- Atomic, and done twice it is done once: an order is freed by its id, of this turn or a lower one.

local keys, turns, buyers = {}, {}, {}
do
  local at, n = 1, 0
  while at <= #ARGV[3] do
    n = n + 1
    keys[n], turns[n], buyers[n], at = struct.unpack('>c16I4Bc0', ARGV[3], at)
  end
end

local code, gate, known = look(buyers)
if code ~= STANDS then
  return elsewhere(code, gate)
end

local told = tonumber(ARGV[2]) or gate.epoch
if told > gate.epoch then
  return {OLDER, gate.epoch}
elseif told < gate.epoch then
  return view(gate)
end

local values, writes, freed, noted = {}, {}, 0, false
for i, buyer in ipairs(buyers) do
  local mine = values[buyer] or known[i + 1] or ''
  local at = find(mine, keys[i])
  local held, turn = 0, turns[i]
  if at then
    held, turn = struct.unpack('>I4I4', mine, at + 16)
  end
  if not at or (held > 0 and turn <= turns[i]) then
    local ended = struct.pack(ORDER, keys[i], 0, turn)
    values[buyer] = at and put(mine, at, ended) or mine .. ended
    freed = freed + held
    noted = noted or not at
    writes[#writes + 1] = buyer
    writes[#writes + 1] = values[buyer]
  end
end

-- From here on it writes.
if freed > 0 or noted then
  change(gate, freed, noted)
  write_buyers(writes)
  redis.call('HSET', KEYS[1], 'available', text(gate.available), 'held', text(gate.held - freed),
    'version', text(gate.version))
end
return view(gate)
