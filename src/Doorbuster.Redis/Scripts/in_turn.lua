-- Comes after a script that has in ask() what it asks of one sale's gate, and asks it of many sales in one step: what a
-- script costs beside its work is paid once for all of them. The server must have all of the sales.
--
-- KEYS    1 to 3 of the first sale as in standing.lua, then those of the second, and so on
-- ARGV    1  how many values each sale has of its own, at least 1   then those of the first sale, those of the second,
--         and so on; last the values that are the same for all
-- returns for each sale what the script returns of it
--
-- Atomic, all sales together. Each is judged as a whole before anything of it is written, as by itself; and once a
-- script has written, Redis refuses it nothing more for want of memory, disk or replicas. So either nothing was done,
-- or all of it.

local keys, values = KEYS, ARGV
local own = tonumber(values[1])
local sales = #keys / 3
local same = {unpack(values, 2 + own * sales)}
local answers = {}
for i = 1, sales do
  KEYS = {keys[3 * i - 2], keys[3 * i - 1], keys[3 * i]}
  ARGV = {unpack(values, 2 + own * (i - 1), 1 + own * i)}
  for j = 1, #same do
    ARGV[own + j] = same[j]
  end
  answers[i] = ask()
end
return answers
