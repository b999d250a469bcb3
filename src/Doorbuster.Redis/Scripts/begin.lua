-- What whoever opens a gate must know first.
--
-- KEYS    1  db:{sale}:gate, which leads to the server that has the sale
-- returns {the gate's epoch, or 0, run id, replication id}
--
-- Atomic; it writes nothing.

local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch') or 0)
local info = redis.call('INFO', 'server', 'replication')
return {epoch, string.match(info, '[\r\n]run_id:(%x+)'), string.match(info, '[\r\n]master_replid:(%x+)')}
