-- What wrk sends: one payment after another, each line of the file one order, the session that pays it, and a key.
-- wrk -s pay.lua URL -- FILE PIN AMOUNT_MINOR. Prints one JSON line last.

local lines, count, at = {}, 0, 0
local head, tail
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  for line in io.lines(args[1]) do
    count = count + 1
    lines[count] = line
  end
  local body = string.format('{"pin":"%s","expectedTotal":{"amountMinor":"%s","currency":"IDR"}}', args[2], args[3])
  head = "POST /api/checkout/%s/pay HTTP/1.1\r\nhost: " .. wrk.host .. ":" .. wrk.port ..
    "\r\ncookie: tuntas_session=%s\r\ncontent-type: application/json\r\nx-tuntas-csrf: 1\r\nidempotency-key: %s\r\n"
  tail = string.format("content-length: %d\r\n\r\n%s", #body, body)
end

function request()
  -- An order is paid once: after the last one the load ends, and says so.
  if at < count then
    at = at + 1
  else
    ran_out = true
    wrk.thread:stop()
  end
  return string.format(head, string.match(lines[at], "(%S+) (%S+) (%S+)")) .. tail
end

function done(summary, latency)
  local wrong = summary.errors
  local short = false
  for _, thread in ipairs(threads) do short = short or thread:get("ran_out") == true end
  print(string.format(
    '{"seconds":%.6f,"answered":%d,"refused":%d,"broken":%d,"p99Ms":%.3f,"cpuSeconds":%.6f,"ranOut":%s}',
    summary.duration / 1e6, summary.requests, wrong.status,
    wrong.connect + wrong.read + wrong.write + wrong.timeout, latency:percentile(99) / 1e3, os.clock(), tostring(short)
  ))
end
