-- An id that shows its date and its counter, for the checker.
function min_counter()
  return 0
end

function max_counter()
  return 999999999999
end

function reset_seconds()
  return 86400
end

function create_id(counter, now, salt)
  local seq = counter:generate_counter()
  return string.format("%04d%02d%02d-%012d", now:year(), now:month(), now:day(), seq)
end
