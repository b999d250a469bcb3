-- Says how a gate stands. It is the sold-out mark's probe and the first step of a rebuild; it writes nothing.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- returns {STANDS, epoch, version, available, held, last stream id}, or {code, epoch}
--
-- Atomic, and thorough: beyond what every script checks it compares the stream's own account of its last id, which
-- costs a copy of an entry.

local function ends_at(id)
  local account = redis.call('XINFO', 'STREAM', KEYS[3])
  for i = 1, #account, 2 do
    if account[i] == 'last-generated-id' then
      return account[i + 1] == id
    end
  end
end

local function ask()
  local code, gate = look()
  if code == STANDS and not ends_at(gate.last_id) then
    code = DAMAGED
  end
  if code ~= STANDS then
    return elsewhere(code, gate)
  end

  local answer = view(gate)
  answer[5] = gate.held
  answer[6] = gate.last_id
  return answer
end
