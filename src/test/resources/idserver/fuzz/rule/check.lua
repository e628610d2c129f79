local s = string.format("%08d", counter:generate_counter())
return check.luhn(s) .. check.verhoeff(s) .. check.ean(s .. "1234") .. check.mod97(s .. "RF") .. check.mod11_10(s) .. check.mod37_36("A" .. s)
