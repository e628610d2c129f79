-- Invoices of which no number may be missing: INV, the year, then a number that starts again each year.
--   INV-2026-000001
-- For a rule with "allocation": "gap_free", whose numbers are held until they are confirmed.

function min_counter()
    return 1
end

function max_counter()
    return 999999
end

function reset_period()
    return "year"
end

function create_id(counter, now, salt)
    return string.format("INV-%04d-%06d", now:year(), counter:generate_counter())
end
