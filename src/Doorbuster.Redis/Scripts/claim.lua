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

-- The latest time that anyone has read, so that a clock that steps back opens nothing that had closed.
local server_ms

local function latest(seen_ms)
  if not server_ms then
    local time = redis.call('TIME')
    server_ms = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return math.max(server_ms, seen_ms)
end

-- Whether the log's oldest entry is too old. None is older than the oldest was when the log was looked at last, because
-- entries only come at its end; so it is looked at only once that one would be too old. What is found is kept in the
-- gate with the next batch that is admitted.
local function is_behind(gate, now_ms)
  local max_age_ms = tonumber(ARGV[4])
  if now_ms - gate.oldest_ms > max_age_ms then
    local oldest = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
    gate.oldest_ms = oldest and tonumber(string.match(oldest[1], '^%d+')) or now_ms
    gate.has_looked = true
  end
  return now_ms - gate.oldest_ms > max_age_ms
end

-- Why nobody is admitted now; nil where nothing is in the way.
local function shut(gate, now_ms)
  if now_ms < tonumber(gate.opens_ms) and gate.state ~= 'closed' then
    return NOT_OPEN
  elseif gate.state == 'paused' then
    return PAUSED
  elseif gate.state == 'closed' or (gate.closes_ms ~= '' and now_ms >= tonumber(gate.closes_ms)) then
    return CLOSED
  elseif is_behind(gate, now_ms) then
    return BUSY
  end
end

-- Flags: an expired token, so that only an order that stands may answer; late money, whose payment follows; more than
-- one unit. Without any it is what nearly every claim is, and is decided without looking into it.
local REPLAY, LATE_MONEY = 1, 2

-- Flags, the order as the buyer's value would have it, the buyer, and where what follows begins.
local function read_claim(claims, at)
  local flag, order, buyer, after = struct.unpack('>Bc24Bc0', claims, at)
  if bit.band(flag, LATE_MONEY) ~= 0 then
    after = after + 2 + struct.unpack('>I2', claims, after)
  end
  return flag, order, buyer, after
end

-- How many claims there are, and for each its order, its buyer, and its flags where it has some.
local function read_claims(claims)
  local count, wanted, buyers, flags = 0, {}, {}, {}
  local at, flag = 1, nil
  while at <= #claims do
    count = count + 1
    flag, wanted[count], buyers[count], at = read_claim(claims, at)
    if flag ~= 0 then
      flags[count] = flag
    end
  end
  return count, wanted, buyers, flags
end

local function held_by(mine)
  local held = 0
  for at = 1, #mine, ORDER_SIZE do
    held = held + struct.unpack('>I4', mine, at + 16)
  end
  return held
end

local function room(limit, left, mine, units)
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
local function decide(limit, left, is_shut, wanted, flag, mine)
  local units, turn = struct.unpack('>I4I4', wanted, 17)
  local at = #mine > 0 and find(mine, string.sub(wanted, 1, 16))
  local held, held_turn
  if at then
    held, held_turn = struct.unpack('>I4I4', mine, at + 16)
  end
  if turn > 0 then
    return at and (held > 0 or held_turn >= turn) and REPLAYED or room(limit, left, mine, units), units, at
  elseif at then
    -- An ended order holds nothing; what it once asked for is the store's to compare.
    return (held == 0 or held == units) and REPLAYED or KEY_REUSED
  elseif bit.band(flag or 0, REPLAY) ~= 0 then
    return TOKEN_EXPIRED
  elseif is_shut then
    return is_shut
  elseif #mine >= tonumber(ARGV[3]) * ORDER_SIZE then
    return BUYER_LIMIT
  end
  return room(limit, left, mine, units), units
end

-- The claims that were admitted, packed as they came.
local function admitted(claims, count, refused)
  local parts, at = {}, 1
  for i = 1, count do
    local _, _, _, after = read_claim(claims, at)
    if not refused[i] then
      parts[#parts + 1] = string.sub(claims, at, after - 1)
    end
    at = after
  end
  return table.concat(parts)
end

local function outcomes(count, refused)
  for i = 1, count do
    refused[i] = refused[i] or ADMITTED
  end
  return table.concat(refused)
end

-- Takes the units, notes the buyers' orders and writes the log.
local function write(gate, left, writes, claims, now_ms)
  local taken = gate.available - left
  change(gate, -taken)
  write_buyers(writes)
  local now = text(now_ms)
  local id = redis.call('XADD', KEYS[3], now .. '-*',
    'epoch', gate.epoch_text, 'revision', text(gate.revision), 'claims', claims)
  redis.call('HSET', KEYS[1], 'available', text(gate.available), 'held', text(gate.held + taken),
    'version', text(gate.version), 'last_id', id, 'seen_ms', now)
  if gate.has_looked then
    redis.call('HSET', KEYS[1], 'oldest_ms', text(gate.oldest_ms))
  end
end

local function ask()
  local claims = ARGV[2]
  local count, wanted, buyers, flags = read_claims(claims)
  local code, gate, known = look(buyers)
  if code ~= STANDS then
    return elsewhere(code, gate)
  end

  local now_ms = latest(gate.seen_ms)
  local is_shut = shut(gate, now_ms)
  local left, limit = gate.available, gate.limit

  -- Buyers' values as this batch leaves them; and what is written: buyer, value, buyer, value, of which the last
  -- counts.
  local values, writes, last, refused, refusals = {}, {}, 0, {}, 0
  for i = 1, count do
    local buyer = buyers[i]
    local mine = values[buyer] or known[i + 1] or ''
    local outcome, units, at = ADMITTED, 1, nil
    if mine ~= '' or flags[i] or left < 1 or is_shut then
      outcome, units, at = decide(limit, left, is_shut, wanted[i], flags[i], mine)
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

  -- From here on it writes.
  if refusals < count then
    write(gate, left, writes, refusals == 0 and claims or admitted(claims, count, refused), now_ms)
  elseif now_ms > gate.seen_ms then
    redis.call('HSET', KEYS[1], 'seen_ms', text(now_ms))
  end

  local answer = view(gate)
  answer[5] = refusals == 0 and string.rep(ADMITTED, count) or outcomes(count, refused)
  return answer
end
