-- Three numbers on two servers' offset 0, then no more; and a salt that breaks the script.
function min_counter()
  return 0
end

function max_counter()
  return 5
end

function reset_seconds()
  return 0
end

function create_id(counter, now, salt)
  if salt == "break" then
    error("broken on purpose")
  end
  return string.format("F%d", counter:generate_counter())
end
