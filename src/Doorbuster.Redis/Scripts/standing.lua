-- Comes before every script that asks something of a sale's gate. It offers look(), which says whether the gate may be
-- believed, and what it has.
--
-- KEYS    1  db:{sale}:gate            hash: what the sale has left, and on what terms
--         2  db:{sale}:buyers:{epoch}  hash: each buyer's orders; of the epoch that the caller believes in
--         3  db:{sale}:claims          stream: the claim log
-- ARGV    1  the epoch that the caller believes in
-- returns a list that begins with one of the codes below; with STANDS come epoch, version and available.
--
-- Atomic because Redis runs one script at a time; whole because every script looks at everything of a sale before it
-- writes anything of it: Redis takes back nothing that a script wrote before it failed.
--
-- KEYS and ARGV are those of one sale. Where one script asks for many, in_turn.lua sets them for each.

local MISSING, OTHER_EPOCH, STANDS = 0, 1, 2
local FENCED, DAMAGED, OLDER = 3, 4, 5

-- No buyer has this id: control characters are refused.
local SENTINEL = '\0'

-- An order in a buyer's value: 16 bytes of key, units held, turn.
local ORDER, ORDER_SIZE = '>c16I4I4', 24

local FIELDS = {
  'epoch', 'state', 'total', 'available', 'held', 'version', 'last_id', 'run_id', 'master_replid', 'seen_ms',
  'revision', 'limit', 'opens_ms', 'closes_ms', 'oldest_ms',
}

-- Lua takes only so many arguments at once.
local AT_ONCE = 3000

-- Whole numbers as text: beyond 14 digits Lua would write them with an exponent.
local function text(number)
  return string.format('%.0f', number)
end

-- What the server says of itself, which is the same throughout a script.
local run_id, replication_id

-- The server is the one under which the gate was opened, and has not been away: whatever came back after a restart or a
-- failover may be older than what buyers were told, however consistent it looks.
local function same_server(gate)
  if not run_id then
    local info = redis.call('INFO', 'server', 'replication')
    run_id = string.match(info, '[\r\n]run_id:(%x+)')
    replication_id = string.match(info, '[\r\n]master_replid:(%x+)')
  end
  return gate.run_id == run_id and gate.master_replid == replication_id
end

-- The sentinel, and after it the values of these buyers, at their places; false of one who is not known.
local function read_buyers(buyers)
  local values = redis.call('HMGET', KEYS[2], SENTINEL, unpack(buyers, 1, math.min(#buyers, AT_ONCE)))
  for first = AT_ONCE + 1, #buyers, AT_ONCE do
    local some = redis.call('HMGET', KEYS[2], unpack(buyers, first, math.min(first + AT_ONCE - 1, #buyers)))
    for i = 1, #some do
      values[first + i] = some[i]
    end
  end
  return values
end

-- No part of the sale is gone or of another age: sentinel, totals, and a stream that exists and ends where it should.
local function is_whole(gate, sentinel)
  return sentinel == gate.epoch_text
    and gate.total == gate.available + gate.held and gate.available >= 0 and gate.held >= 0
    and redis.call('EXISTS', KEYS[3]) == 1
    and #redis.call('XRANGE', KEYS[3], '(' .. gate.last_id, '+', 'COUNT', 1) == 0
end

local function read_gate()
  local values = redis.call('HMGET', KEYS[1], unpack(FIELDS))
  if not values[1] then
    return nil
  end
  return {
    epoch = tonumber(values[1]) or -1,
    epoch_text = values[1],
    state = values[2] or '',
    total = tonumber(values[3]) or -1,
    available = tonumber(values[4]) or -1,
    held = tonumber(values[5]) or -1,
    version = tonumber(values[6]) or -1,
    last_id = values[7] or '',
    run_id = values[8] or '',
    master_replid = values[9] or '',
    seen_ms = tonumber(values[10]) or -1,
    revision = tonumber(values[11]) or -1,
    limit = tonumber(values[12]) or -1,
    opens_ms = values[13] or '',
    closes_ms = values[14] or '',
    oldest_ms = tonumber(values[15]) or 0,
  }
end

-- The code, the gate unless it is missing, and where it stands what read_buyers() says of these buyers.
local function look(buyers)
  local gate = read_gate()
  if not gate then
    return MISSING
  elseif gate.state == 'rebuilding' then
    return FENCED, gate
  elseif not same_server(gate) then
    return DAMAGED, gate
  elseif gate.epoch ~= tonumber(ARGV[1]) then
    return OTHER_EPOCH, gate
  end
  local known = read_buyers(buyers or {})
  if not is_whole(gate, known[1]) then
    return DAMAGED, gate
  end
  return STANDS, gate, known
end

-- What is said of a gate that does not stand where the caller believes it to.
local function elsewhere(code, gate)
  return {code, gate and gate.epoch or 0}
end

local function view(gate)
  return {STANDS, gate.epoch, gate.version, gate.available}
end

-- Units come free, or are taken where negative. The version orders what nodes are told, and tells them whether the gate
-- knows other orders than before.
local function change(gate, units, has_noted)
  if units ~= 0 or has_noted then
    gate.available = gate.available + units
    gate.version = gate.version + 1
  end
end

-- Where an order stands in a buyer's value; nil where it does not.
local function find(orders, key)
  local at = string.find(orders, key, 1, true)
  while at and (at - 1) % ORDER_SIZE ~= 0 do
    at = string.find(orders, key, at + 1, true)
  end
  return at
end

-- A buyer's value with an order replaced.
local function put(orders, at, order)
  return string.sub(orders, 1, at - 1) .. order .. string.sub(orders, at + ORDER_SIZE)
end

-- Writes a list of buyer, value, buyer, value.
local function write_buyers(pairs_of)
  for first = 1, #pairs_of, AT_ONCE do
    redis.call('HSET', KEYS[2], unpack(pairs_of, first, math.min(first + AT_ONCE - 1, #pairs_of)))
  end
end
