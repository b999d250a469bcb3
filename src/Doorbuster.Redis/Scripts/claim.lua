-- Decides a batch of one sale's claims, and logs what it admits. The twin of Decision.Decide, in the gate's hands.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- ARGV    2  the claims, as PackedClaims has them, one after another: key (16 bytes), units (4), turn (4; above 0 late
--            money asks), flags (1; 1 where only an order that stands may answer), the buyer (a byte of length before
--            it), the payment that asks (two bytes of length before it); numbers are big-endian
--         3  the most orders kept of one buyer
--         4  the age in ms of the oldest log entry above which nothing more is admitted
-- returns {STANDS, epoch, version, available, one letter a claim}, or {code, epoch} where nothing was judged
--
-- Atomic: units are taken, the buyers' orders noted and the log written in one script, after everything was judged. So
-- at no moment does a deduction exist without its entry. Asked twice, it answers the second time what stands.

local REPLAYED, KEY_REUSED, TOKEN_EXPIRED = 'r', 'k', 't'
local NOT_OPEN, PAUSED, CLOSED, BUSY = 'n', 'p', 'c', 'b'
local BUYER_LIMIT, SOLD_OUT, INSUFFICIENT, ADMITTED = 'l', 's', 'i', 'a'

local code, gate = look()
if code ~= STANDS then
  return elsewhere(code, gate)
end

local claims = ARGV[2]
local most_orders = tonumber(ARGV[3])
local max_age_ms = tonumber(ARGV[4])

-- The latest time that anyone has read, so that a clock that steps back opens nothing that had closed.
local time = redis.call('TIME')
local now_ms = math.max(time[1] * 1000 + math.floor(time[2] / 1000), gate.seen_ms)

local function is_behind()
  local old = text(math.max(now_ms - max_age_ms - 1, 0))
  return #redis.call('XRANGE', KEYS[3], '-', old, 'COUNT', 1) > 0
end

-- Why nobody is admitted now; nil where nothing is in the way.
local function shut()
  if now_ms < tonumber(gate.opens_ms) then
    return NOT_OPEN
  elseif gate.state == 'paused' then
    return PAUSED
  elseif gate.state == 'closed' or (gate.closes_ms ~= '' and now_ms >= tonumber(gate.closes_ms)) then
    return CLOSED
  elseif is_behind() then
    return BUSY
  end
end

local keys, units, turns, flags, buyers, starts = {}, {}, {}, {}, {}, {}
do
  local at, n, payment = 1, 0, nil
  while at <= #claims do
    n = n + 1
    starts[n] = at
    keys[n], units[n], turns[n], flags[n], buyers[n], payment, at = struct.unpack('>c16I4I4BBc0I2c0', claims, at)
  end
  starts[n + 1] = at
end

local orders = read_buyers(buyers)
local is_shut = shut()
local left = gate.available
local limit = gate.limit

local function held_by(mine)
  local held = 0
  for at = 1, #mine, ORDER_SIZE do
    held = held + struct.unpack('>I4', mine, at + 16)
  end
  return held
end

local function room(mine, asked)
  if held_by(mine) + asked > limit then
    return BUYER_LIMIT
  elseif left <= 0 then
    return SOLD_OUT
  elseif left < asked then
    return INSUFFICIENT
  end
  return ADMITTED
end

local function decide(i, mine)
  local at = #mine > 0 and find(mine, keys[i])
  local held, turn
  if at then
    held, turn = struct.unpack('>I4I4', mine, at + 16)
  end
  if turns[i] > 0 then
    return at and (held > 0 or turn >= turns[i]) and REPLAYED or room(mine, units[i])
  elseif at then
    -- An ended order holds nothing; what it once asked for is the store's to compare.
    return (held == 0 or held == units[i]) and REPLAYED or KEY_REUSED
  elseif flags[i] == 1 then
    return TOKEN_EXPIRED
  elseif is_shut then
    return is_shut
  elseif #mine >= most_orders * ORDER_SIZE then
    return BUYER_LIMIT
  end
  return room(mine, units[i])
end

local outcomes, admitted, changed, is_changed = {}, {}, {}, {}
for i = 1, #keys do
  local buyer = buyers[i]
  local mine = orders[buyer]
  local outcome = decide(i, mine)
  outcomes[i] = outcome
  if outcome == ADMITTED then
    local order = struct.pack(ORDER, keys[i], units[i], turns[i])
    local at = turns[i] > 0 and find(mine, keys[i])
    orders[buyer] = at and put(mine, at, order) or mine .. order
    left = left - units[i]
    admitted[#admitted + 1] = i
    if not is_changed[buyer] then
      is_changed[buyer] = true
      changed[#changed + 1] = buyer
    end
  end
end

-- From here on it writes.
if #admitted == 0 then
  if now_ms > gate.seen_ms then
    redis.call('HSET', KEYS[1], 'seen_ms', text(now_ms))
  end
else
  local logged = claims
  if #admitted < #keys then
    local parts = {}
    for n, i in ipairs(admitted) do
      parts[n] = string.sub(claims, starts[i], starts[i + 1] - 1)
    end
    logged = table.concat(parts)
  end
  local values = {}
  for n, buyer in ipairs(changed) do
    values[2 * n - 1] = buyer
    values[2 * n] = orders[buyer]
  end
  local taken = gate.available - left
  change(gate, -taken)
  write_buyers(values)
  local id = redis.call('XADD', KEYS[3], text(now_ms) .. '-*',
    'epoch', text(gate.epoch), 'revision', text(gate.revision), 'claims', logged)
  redis.call('HSET', KEYS[1], 'available', text(gate.available), 'held', text(gate.held + taken),
    'version', text(gate.version), 'last_id', id, 'seen_ms', text(now_ms))
end

local answer = view(gate)
answer[5] = table.concat(outcomes)
return answer
