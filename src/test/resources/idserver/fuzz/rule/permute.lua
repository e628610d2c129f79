local n = permute(counter:generate_counter(), 2 ^ 53, "0123456789abcdef")
return permute(n % 97, 97, salt .. "0123456789abcdef") .. "-" .. string.format("%d", n)
