-- wrk's result as one line of JSON. A script that defines no request() costs wrk nothing.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'bench-report {"requests":%d,"duration_us":%d,"bytes":%d,"p50_us":%d,"p99_us":%d,' ..
    '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\n',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
