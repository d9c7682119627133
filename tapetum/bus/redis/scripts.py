"""What must happen in Redis in one step, in Lua. KEYS: the stream, and the hash of what it holds.

The hash maps a delivery's id to its entry and size, and the empty name to the sum of sizes. Entries are
added and removed only here, in step with the hash; an entry that vanished otherwise (evicted, trimmed)
shows because the hash then knows of more entries than there are.
"""

_RECOUNT = """
local stream, held = KEYS[1], KEYS[2]

local function entry_of(id)
  local found = redis.call('HGET', held, id)
  if found then
    local entry, size = string.match(found, '^(%S+) (%d+)$')
    return entry, tonumber(size)
  end
end

local function recount()
  if redis.call('HLEN', held) - 1 <= redis.call('XLEN', stream) then return end
  local total = 0
  for _, id in ipairs(redis.call('HKEYS', held)) do
    if id ~= '' then
      local entry, size = entry_of(id)
      if #redis.call('XRANGE', stream, entry, entry) == 0 then
        redis.call('HDEL', held, id)
      else
        total = total + size
      end
    end
  end
  redis.call('HSET', held, '', total)
end
"""

OFFER = (
    _RECOUNT
    + """
local id, size, most_entries, most_bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
recount()
if redis.call('HEXISTS', held, id) == 1 then return 1 end
local length = redis.call('XLEN', stream)
local bytes = tonumber(redis.call('HGET', held, '') or '0')
if length > 0 and (length >= most_entries or bytes + size > most_bytes) then return 0 end
local entry = redis.call('XADD', stream, '*', 'id', id, unpack(ARGV, 5))
redis.call('HSET', held, id, entry .. ' ' .. size)
redis.call('HINCRBY', held, '', size)
return 1
"""
)
"""ARGV: id, size, most entries, most bytes, then fields and values."""

MISSING = (
    "#!lua flags=allow-oom\n"
    + _RECOUNT
    + """
recount()
local missing = {}
for _, id in ipairs(ARGV) do
  if redis.call('HEXISTS', held, id) == 0 then missing[#missing + 1] = id end
end
return missing
"""
)

SETTLE = (
    "#!lua flags=allow-oom\n"
    + _RECOUNT
    + """
local group, handed, id, channel, message = unpack(ARGV)
local function drop(entry)
  redis.call('XACK', stream, group, entry)
  redis.call('XDEL', stream, entry)
end
drop(handed)
local entry, size = entry_of(id)
if entry then
  if entry ~= handed then drop(entry) end
  redis.call('HDEL', held, id)
  redis.call('HINCRBY', held, '', -size)
end
redis.call('PUBLISH', channel, message)
"""
)
"""ARGV: group, entry, delivery id, channel, message."""

DISCARD = (
    "#!lua flags=allow-oom\n"
    + _RECOUNT
    + """
redis.call('XACK', stream, ARGV[1], ARGV[2])
redis.call('XDEL', stream, ARGV[2])
recount()
"""
)
"""ARGV: group, entry."""

KEEP_ALIVE = """#!lua flags=allow-oom
local group, consumer, entry = unpack(ARGV)
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local pending = redis.call('XPENDING', KEYS[1], group, entry, entry, 1)
if #pending == 0 or pending[1][2] ~= consumer then return 0 end
redis.call('XCLAIM', KEYS[1], group, consumer, 0, entry, 'JUSTID')
return 1
"""
"""ARGV: group, consumer, entry. Takes nothing back from a worker that took it over."""

GROUP = """#!lua flags=allow-oom
redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
"""
"""ARGV: group. A script, as a server without memory left would refuse the command, and never get any back."""

BACKLOG = """#!lua flags=allow-oom,no-writes
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
local now = redis.call('TIME')
return {
  redis.call('XLEN', KEYS[1]), redis.call('HGET', KEYS[2], '') or '0', oldest[1] and oldest[1][1] or '',
  now[1], now[2],
}
"""

FORGET_CONSUMERS = """#!lua flags=allow-oom
if redis.call('EXISTS', KEYS[1]) == 0 then return end
for _, row in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for place = 1, #row, 2 do consumer[row[place]] = row[place + 1] end
  if consumer.pending == 0 and consumer.idle > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
  end
end
"""
"""ARGV: group, milliseconds. Names of workers that are gone and hold nothing."""
