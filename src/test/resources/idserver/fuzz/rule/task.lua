-- Task numbers: T, then a number that never starts again.
--   T000000000001

function min_counter()
    return 1
end

function max_counter()
    return 999999999999
end

function reset_seconds()
    return 0
end

function create_id(counter, now, salt)
    return string.format("T%012d", counter:generate_counter())
end
