-- Receipt numbers: the business day, and a number that starts again each month. A receipt of the last ten days may be entered later, with
-- its own day as biz_date, as long as that is in the present month.
--   RC20261122-00001

function biz_days()
    return 10
end

function min_counter()
    return 1
end

function max_counter()
    return 99999
end

function reset_period()
    return "month"
end

function create_id(counter, now, salt)
    local seq = counter:generate_counter()
    return string.format("RC%04d%02d%02d-%05d", now:year(), now:month(), now:day(), seq)
end
