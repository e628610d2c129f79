-- One kind of request for wrk: METHOD, and BODY where it is not empty, from the environment. Prints one line of figures:
-- requests, microseconds, answers that were none, then the latency's 50 %, 90 %, 99 %, 99.9 % and most, in microseconds.

wrk.method = os.getenv("METHOD")
local body = os.getenv("BODY")
if body ~= "" then
  wrk.body = body
  wrk.headers["Content-Type"] = "application/json"
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("figures %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9), latency.max))
end
