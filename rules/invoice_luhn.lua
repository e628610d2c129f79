-- Invoice numbers: the year, a number that starts again each year, and a check digit (Luhn) behind both.
--   2026000000011
-- A wrong digit, or two neighbours exchanged (but 09 and 90), is noticed where the number is typed in.

function min_counter()
    return 1
end

function max_counter()
    return 99999999
end

function reset_period()
    return "year"
end

function create_id(counter, now, salt)
    return check.luhn(string.format("%04d%08d", now:year(), counter:generate_counter()))
end
