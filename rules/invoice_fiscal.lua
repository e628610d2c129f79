-- Invoice numbers of a fiscal year that begins on April 1, by the calendar of one zone wherever the server is.
--   FY2027-000001
-- 2027 is the year that ends on March 31, 2027.

function time_zone()
    return "Asia/Kolkata"
end

function fiscal_year_start()
    return "04-01"
end

function min_counter()
    return 1
end

function max_counter()
    return 999999
end

function reset_period()
    return "fiscal_year"
end

function create_id(counter, now, salt)
    return string.format("FY%04d-%06d", now:fiscal_year(), counter:generate_counter())
end
