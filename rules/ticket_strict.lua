-- Tickets in one order over all servers: Q, the date, then a number that starts again each day.
--   Q20261122-0001
-- For a rule with "allocation": "strict": who asks after another was answered has a higher number.

function min_counter()
    return 1
end

function max_counter()
    return 999999
end

function reset_period()
    return "day"
end

function create_id(counter, now, salt)
    return string.format("Q%04d%02d%02d-%04d", now:year(), now:month(), now:day(), counter:generate_counter())
end
