-- Load for wrk: each request is another line of the file that LOAD names:
-- method, path, token and body, with tabs between them. In a body {n} is a number of its own.
local lines, at, made = {}, 0, 0
local thread_count = 0

function setup(thread)
  thread:set("number", thread_count)
  thread_count = thread_count + 1
end

function init()
  for line in io.lines(os.getenv("LOAD")) do
    local method, path, token, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = {}
    if token ~= "" then headers["Authorization"] = "Bearer " .. token end
    if body ~= "" then headers["Content-Type"] = "application/json" end
    local whole = body:find("{n}", 1, true) == nil and wrk.format(method, path, headers, body ~= "" and body or nil)
    lines[#lines + 1] = { whole = whole, method = method, path = path, headers = headers, body = body }
  end
  at = number * 37 % #lines
end

function request()
  at = at % #lines + 1
  local line = lines[at]
  if line.whole then return line.whole end
  made = made + 1
  local unique = os.getenv("RUN") .. "x" .. number .. "x" .. made
  return wrk.format(line.method, line.path, line.headers, (line.body:gsub("{n}", unique)))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("measured %d %d %d %f %f\n", summary.requests, summary.duration,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
