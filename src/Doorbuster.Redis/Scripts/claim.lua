-- Decides a batch of one sale's claims, and logs what it admits. The twin of Decision.Decide, in the gate's hands.
--
-- KEYS    1 to 3, ARGV 1, codes: see standing.lua
-- ARGV    2  the claims, as PackedClaims has them, one after another: flags (1 byte), key (16), units (4), turn (4;
--            above 0 late money asks), the buyer (a byte of length before it) and, where a flag says so, the payment
--            that asks (two bytes of length before it); numbers are big-endian
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
  if now_ms < tonumber(gate.opens_ms) and gate.state ~= 'closed' then
    return NOT_OPEN
  elseif gate.state == 'paused' then
    return PAUSED
  elseif gate.state == 'closed' or (gate.closes_ms ~= '' and now_ms >= tonumber(gate.closes_ms)) then
    return CLOSED
  elseif is_behind() then
    return BUSY
  end
end

-- Flags: an expired token, so that only an order that stands may answer; late money, whose payment follows; more than
-- one unit. Without any it is what nearly every claim is, and is decided without looking into it.
local REPLAY, LATE_MONEY = 1, 2

-- Flags, the order as the buyer's value would have it, the buyer, and where what follows begins.
local function read_claim(at)
  local flag, order, buyer, after = struct.unpack('>Bc24Bc0', claims, at)
  if bit.band(flag, LATE_MONEY) ~= 0 then
    after = after + 2 + struct.unpack('>I2', claims, after)
  end
  return flag, order, buyer, after
end

local count, flags, wanted, buyers = 0, {}, {}, {}
do
  local at, flag = 1, nil
  while at <= #claims do
    count = count + 1
    flag, wanted[count], buyers[count], at = read_claim(at)
    if flag ~= 0 then
      flags[count] = flag
    end
  end
end

local known = read_buyers(buyers)
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

local function room(mine, units)
  if held_by(mine) + units > limit then
    return BUYER_LIMIT
  elseif left <= 0 then
    return SOLD_OUT
  elseif left < units then
    return INSUFFICIENT
  end
  return ADMITTED
end

-- The outcome, the units asked for, and where the order stands among the buyer's.
local function decide(i, mine)
  local units, turn = struct.unpack('>I4I4', wanted[i], 17)
  local at = #mine > 0 and find(mine, string.sub(wanted[i], 1, 16))
  local held, held_turn
  if at then
    held, held_turn = struct.unpack('>I4I4', mine, at + 16)
  end
  if turn > 0 then
    return at and (held > 0 or held_turn >= turn) and REPLAYED or room(mine, units), units, at
  elseif at then
    -- An ended order holds nothing; what it once asked for is the store's to compare.
    return (held == 0 or held == units) and REPLAYED or KEY_REUSED
  elseif flags[i] and bit.band(flags[i], REPLAY) ~= 0 then
    return TOKEN_EXPIRED
  elseif is_shut then
    return is_shut
  elseif #mine >= most_orders * ORDER_SIZE then
    return BUYER_LIMIT
  end
  return room(mine, units), units
end

-- Buyers' values as this batch leaves them; and what is written: buyer, value, buyer, value, of which the last counts.
local values, writes, last, refused, refusals = {}, {}, 0, {}, 0
for i = 1, count do
  local buyer = buyers[i]
  local mine = values[buyer] or known[i] or ''
  local outcome, units, at = ADMITTED, 1, nil
  if mine ~= '' or flags[i] or left < 1 or is_shut then
    outcome, units, at = decide(i, mine)
  end
  if outcome == ADMITTED then
    mine = at and put(mine, at, wanted[i]) or mine .. wanted[i]
    values[buyer] = mine
    left = left - units
    writes[last + 1] = buyer
    writes[last + 2] = mine
    last = last + 2
  else
    refused[i] = outcome
    refusals = refusals + 1
  end
end

-- The claims that were admitted, packed as they came.
local function admitted()
  if refusals == 0 then
    return claims
  end
  local parts, at = {}, 1
  for i = 1, count do
    local _, _, _, after = read_claim(at)
    if not refused[i] then
      parts[#parts + 1] = string.sub(claims, at, after - 1)
    end
    at = after
  end
  return table.concat(parts)
end

local function outcomes()
  if refusals == 0 then
    return string.rep(ADMITTED, count)
  end
  for i = 1, count do
    refused[i] = refused[i] or ADMITTED
  end
  return table.concat(refused)
end

-- From here on it writes.
if refusals < count then
  local logged = admitted()
  local taken = gate.available - left
  change(gate, -taken)
  write_buyers(writes)
  local id = redis.call('XADD', KEYS[3], text(now_ms) .. '-*',
    'epoch', text(gate.epoch), 'revision', text(gate.revision), 'claims', logged)
  redis.call('HSET', KEYS[1], 'available', text(gate.available), 'held', text(gate.held + taken),
    'version', text(gate.version), 'last_id', id, 'seen_ms', text(now_ms))
elseif now_ms > gate.seen_ms then
  redis.call('HSET', KEYS[1], 'seen_ms', text(now_ms))
end

local answer = view(gate)
answer[5] = outcomes()
return answer
