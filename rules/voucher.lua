-- Voucher codes: eight characters that tell neither how many there are nor which comes next, and a check character.
--   SNNY-EB31-V
-- With a million codes given out, one of 2.8 million guesses meets one.
-- Put a long random text of your own into KEY (openssl rand -base64 24), the same on every server; until then the rule is refused.
-- Change neither KEY nor CODES when codes have been given out: they would come a second time.

local KEY = "change me"
local CODES = 36 ^ 8
local CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

local function eight(number)
    local text = ""
    for i = 1, 8 do
        local digit = number % 36
        text = CHARACTERS:sub(digit + 1, digit + 1) .. text
        number = (number - digit) / 36
    end
    return text
end

function min_counter()
    return 0
end

function max_counter()
    return CODES - 1
end

function reset_period()
    return "never"
end

function create_id(counter, now, salt)
    local code = check.mod37_36(eight(permute(counter:generate_counter(), CODES, KEY)))
    return code:sub(1, 4) .. "-" .. code:sub(5, 8) .. "-" .. code:sub(9)
end
