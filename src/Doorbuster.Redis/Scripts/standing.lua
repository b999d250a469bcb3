-- Comes before every script that asks something of a sale's gate. It offers look(), which says whether the gate may be
-- believed, and what it has.
--
-- KEYS    1  db:{sale}:gate            hash: what the sale has left, and on what terms
--         2  db:{sale}:buyers:{epoch}  hash: each buyer's orders; of the epoch that the caller believes in
--         3  db:{sale}:claims          stream: the claim log
-- ARGV    1  the epoch that the caller believes in
-- returns a list that begins with one of the codes below; with STANDS come epoch, version and available.
--
-- Atomic because Redis runs one script at a time; whole because every script looks at everything before it writes
-- anything: Redis takes back nothing that a script wrote before it failed.

local MISSING, OTHER_EPOCH, STANDS = 0, 1, 2
local FENCED, DAMAGED, OLDER = 3, 4, 5

-- No buyer has this id: control characters are refused.
local SENTINEL = '\0'

-- An order in a buyer's value: 16 bytes of key, units held, turn.
local ORDER, ORDER_SIZE = '>c16I4I4', 24

local FIELDS = {
  'epoch', 'state', 'total', 'available', 'held', 'version', 'last_id', 'run_id', 'master_replid', 'seen_ms',
  'revision', 'limit', 'opens_ms', 'closes_ms',
}

-- Whole numbers as text: beyond 14 digits Lua would write them with an exponent.
local function text(number)
  return string.format('%.0f', number)
end

-- The server is the one under which the gate was opened, and has not been away: whatever came back after a restart or a
-- failover may be older than what buyers were told, however consistent it looks.
local function same_server(gate)
  local info = redis.call('INFO', 'server', 'replication')
  return string.find(info, 'run_id:' .. gate.run_id, 1, true)
    and string.find(info, 'master_replid:' .. gate.master_replid, 1, true)
end

-- No part of the sale is gone or of another age: sentinel, totals, and a stream that exists and ends where it should.
local function is_whole(gate)
  return redis.call('HGET', KEYS[2], SENTINEL) == text(gate.epoch)
    and gate.total == gate.available + gate.held and gate.available >= 0 and gate.held >= 0
    and redis.call('EXISTS', KEYS[3]) == 1
    and #redis.call('XRANGE', KEYS[3], '(' .. gate.last_id, '+', 'COUNT', 1) == 0
end

local function read_gate()
  local values = redis.call('HMGET', KEYS[1], unpack(FIELDS))
  if not values[1] then
    return nil
  end
  local gate = {}
  for i, field in ipairs(FIELDS) do
    gate[field] = values[i] or ''
  end
  for _, field in ipairs({'epoch', 'total', 'available', 'held', 'version', 'seen_ms', 'revision', 'limit'}) do
    gate[field] = tonumber(gate[field]) or -1
  end
  return gate
end

-- The code, and the gate unless it is missing.
local function look()
  local gate = read_gate()
  if not gate then
    return MISSING
  elseif gate.state == 'rebuilding' then
    return FENCED, gate
  elseif not same_server(gate) then
    return DAMAGED, gate
  elseif gate.epoch ~= tonumber(ARGV[1]) then
    return OTHER_EPOCH, gate
  elseif not is_whole(gate) then
    return DAMAGED, gate
  end
  return STANDS, gate
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

-- Lua takes only so many arguments at once.
local AT_ONCE = 3000

-- The values of these buyers, at their places; false of one who is not known.
local function read_buyers(buyers)
  if #buyers <= AT_ONCE then
    return redis.call('HMGET', KEYS[2], unpack(buyers))
  end
  local values = {}
  for first = 1, #buyers, AT_ONCE do
    local some = redis.call('HMGET', KEYS[2], unpack(buyers, first, math.min(first + AT_ONCE - 1, #buyers)))
    for i = 1, #some do
      values[first + i - 1] = some[i]
    end
  end
  return values
end

-- Writes a list of buyer, value, buyer, value.
local function write_buyers(pairs_of)
  for first = 1, #pairs_of, AT_ONCE do
    redis.call('HSET', KEYS[2], unpack(pairs_of, first, math.min(first + AT_ONCE - 1, #pairs_of)))
  end
end
