#!/usr/bin/env bash
# The UDP service and an echo in turn, in one run. The figures are medians of all rounds, the ratios those of the ratios within
# a round: what else the machine does changes from minute to minute, and less within seconds.
#   src/jmh/udp.sh [rounds]        7 when not given; about 35 s each
# Where taskset allows it, the servers have one core and the load another. Works in target/load. JAVA_OPTS are those of both
# servers. The lines of the single measurements are kept in target/load/samples.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-7}
work=$PWD/target/load udp=21200 http=21280 echo=21207
server_core=(taskset -c 0) load_core=(taskset -c 1)
if ! command -v taskset >/dev/null || [ "$(nproc)" -lt 2 ]; then server_core=() load_core=(); fi

mvn -q -DskipTests package
mvn -q -Pjmh test-compile dependency:build-classpath -Dmdep.outputFile=target/load.cp >/dev/null
classes=target/classes:target/test-classes:$(cat target/load.cp)

rm -rf "$work" && mkdir -p "$work/rules"
cp -r target/id_server-1.0.0/deploy "$work/deploy" && ln -s "$PWD/target/id_server-1.0.0/lib" "$work/lib"
rm -f "$work"/deploy/id_server_*.json
cat >"$work/rules/load.lua" <<'LUA'
function min_counter() return 0 end
function max_counter() return 999999999999 end
function reset_seconds() return 86400 end
function create_id(counter, now, salt)
    return string.format("O%02d%02d%02d%012d", now:year() % 100, now:month(), now:day(), counter:generate_counter())
end
LUA
cat >"$work/rules/short.lua" <<'LUA'
function min_counter() return 100000000 end
function max_counter() return 999999999 end
function reset_seconds() return 0 end
function create_id(counter, now, salt)
    return string.format("%d", counter:generate_counter())
end
LUA
cat >"$work/deploy/id_server_1.json" <<JSON
{"log_prefix": "id_server", "log_level": 3, "service_host": "127.0.0.1", "service_port": $udp, "http_port": $http,
 "thread_count": 4, "queue_size": 100000, "id_step": 1, "id_offset": 0, "data_dir": "data",
 "rules": [{"name": "load", "lua_file": "load.lua", "batch_save": 100}, {"name": "short", "lua_file": "short.lua", "batch_save": 100}]}
JSON

trap 'kill "$echo_pid" 2>/dev/null; "$work/deploy/server_ctl.sh" stop id_server 1 >/dev/null' EXIT
# shellcheck disable=SC2086
"${server_core[@]}" java ${JAVA_OPTS:-} -cp "$classes" idserver.load.EchoServer $echo & echo_pid=$!
"${server_core[@]}" "$work/deploy/server_ctl.sh" start id_server 1 >/dev/null
server_pid=$(head -1 "$work/data/server.pid")

# measure NAME WHOM ARGUMENTS...: a line of the samples
measure() {
  local name=$1 whom=$2 of=("port=$udp" "pid=$server_pid"); shift 2
  [ "$whom" = server ] || of=("port=$echo" "pid=$echo_pid" echo=true)
  [ "$name" = warm ] || of+=(warm_up_ms=500 run_ms=2000)
  echo "name=$name whom=$whom $("${load_core[@]}" java -cp "$classes" idserver.load.UdpLoad "${of[@]}" "$@")" | tee -a "$work/samples" >&2
}
# values NAME WHOM FIELD
values() { grep "^name=$1 whom=$2 " "$work/samples" | grep -o " $3=[^ ]*" | cut -d= -f2; }
middle() { sort -g | awk '{v[NR]=$1} END {print (NR % 2) ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }
median() { values "$@" | middle; }
# row NAME FIELD TITLE
row() {
  local e s r
  e=$(median "$1" echo "$2") s=$(median "$1" server "$2")
  r=$(paste <(values "$1" echo "$2") <(values "$1" server "$2") | awk '{print $2 / $1}' | middle)
  printf '%-44s %12.1f %12.1f %8.3f\n' "$3" "$e" "$s" "$r"
}

for whom in echo server; do measure warm $whom warm_up_ms=0 run_ms=20000; done
for _ in $(seq "$rounds"); do
  for whom in echo server; do measure full $whom; done
  half=$(median full server rate | awk '{printf "%d", $1 / 2}')
  for whom in echo server; do measure half $whom rate="$half"; done
  for whom in echo server; do measure closed $whom sockets=4 window=1; done
  measure count_20 server count=20
  measure count_most server rule=short count=110 window=16
done
for _ in 1 2 3; do measure allocation server allocation=true; done

# where Redis is installed: what it makes of INCR, 64 in a pipeline, on the servers' core
if command -v redis-server >/dev/null; then
  "${server_core[@]}" redis-server --port 21279 --bind 127.0.0.1 --save '' --appendonly no >/dev/null & redis_pid=$!
  sleep 1
  for _ in $(seq "$rounds"); do
    rate=$("${load_core[@]}" redis-benchmark -h 127.0.0.1 -p 21279 -t incr -P 64 -c 50 -n 5000000 --csv 2>/dev/null | awk -F'"' '/INCR/ {print $4}')
    echo "name=redis whom=redis rate=$rate" | tee -a "$work/samples" >&2
  done
  kill "$redis_pid"
fi

printf '%-44s %12s %12s %8s\n' "medians of $rounds rounds" echo server ratio
row full rate 'saturated: requests/s'
row full cpu_us 'saturated: CPU a request, us'
row half p99_us "half of that ($half/s): p99, us"
row half p999_us "half of that ($half/s): p99.9, us"
row half cpu_us "half of that ($half/s): CPU a request, us"
row closed p50_us '4 clients in a closed loop: p50, us'
row closed p99_us '4 clients in a closed loop: p99, us'
row closed rate '4 clients in a closed loop: requests/s'
printf '%-44s %12s %12.0f\n' 'count 20: ids/s' '' "$(median count_20 server ids_rate)" \
  'count 110: ids/s' '' "$(median count_most server ids_rate)"
total() { grep "whom=$1" "$work/samples" | grep -o " $2=[0-9]*" | awk -F= '{n += $2} END {print n + 0}'; }
printf '%-44s %12s %12d\n' 'saturated: bytes allocated a request' '' "$(median allocation server alloc_bytes)"
if grep -q whom=redis "$work/samples"; then
  printf '%-44s %12s %12.0f\n' 'Redis INCR, 64 in a pipeline: numbers/s' '' "$(median redis redis rate)"
fi
for field in lost refused unsent duplicates; do
  printf '%-44s %12d %12d\n' "$field, in all" "$(total echo $field)" "$(total server $field)"
done
