-- Order numbers: O, then year, month and day in six digits, then a number that starts again each day.
--   O2611220000
-- 10 000 a day in each namespace, over all servers. For more, widen the number and raise max_counter with it.

function min_counter()
    return 0
end

function max_counter()
    return 9999
end

function reset_seconds()
    return 86400
end

function create_id(counter, now, salt)
    local seq = counter:generate_counter()
    return string.format("O%02d%02d%02d%04d", now:year() % 100, now:month(), now:day(), seq)
end
