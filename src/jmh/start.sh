#!/usr/bin/env bash
# From the command to the first id over UDP: a plain Payara Micro with the WAR, and server_ctl.sh start, in turns.
#   src/jmh/start.sh [rounds]        7 when not given; about 25 s each
# Works in target/start, on the embedded database with one rule. Both begin without data; the control script has its class-data
# archives, as from its second start on. CPU-seconds are those of the server's process.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-7}
work=$PWD/target/start udp=21300 http=21380
samples=$work/samples

mvn -q -DskipTests package
rm -rf "$work" && mkdir -p "$work/rules"
cp -r target/id_server-1.0.0/deploy "$work/deploy" && ln -s "$PWD/target/id_server-1.0.0/lib" "$work/lib"
cp rules/task.lua "$work/rules/"
rm -f "$work"/deploy/id_server_*.json
cat >"$work/deploy/id_server_1.json" <<JSON
{"log_prefix": "id_server", "log_level": 3, "service_host": "127.0.0.1", "service_port": $udp, "http_port": $http,
 "id_step": 1, "id_offset": 0, "data_dir": "data", "rules": [{"name": "task", "lua_file": "task.lua", "batch_save": 100}]}
JSON
pid=''
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; "$work/deploy/server_ctl.sh" stop id_server 1 >/dev/null' EXIT

await_first_id() {
  local until=$((SECONDS + 120)) answer
  while [ "$SECONDS" -lt "$until" ]; do
    answer=$({
      printf '{"action":"get","rule_name":"task","app_name":"start"}' >&0 && timeout 0.05 dd bs=1400 count=1 status=none
    } 2>/dev/null <>"/dev/udp/127.0.0.1/$udp") || true
    case $answer in *'"code":0'*) return 0 ;; esac
    sleep 0.01
  done
  echo "no id in 120 s" >&2
  exit 1
}

cpu_seconds() { awk '{sub(/.*\) /, ""); print ($12 + $13) / 100}' "/proc/$1/stat"; }

# sample NAME SECONDS PID
sample() { echo "$1 $(awk -v from="$2" -v to="$EPOCHREALTIME" 'BEGIN {printf "%.2f", to - from}') $(cpu_seconds "$3")" | tee -a "$samples"; }

plain() {
  local began
  rm -rf "$work/plain" && mkdir -p "$work"/plain/{tmp,data,root,log}
  echo "set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address=127.0.0.1" >"$work/plain/preboot"
  began=$EPOCHREALTIME
  java -Djava.net.preferIPv4Stack=true "-Djava.io.tmpdir=$work/plain/tmp" \
    "-Didserver.config=$work/deploy/id_server_1.json" "-Didserver.data_dir=$work/plain/data" \
    "-Didserver.log_dir=$work/plain/log" "-Didserver.run_dir=$work/plain" -Didserver.http_host=127.0.0.1 \
    -Didserver.http_port=$http -Didserver.service_host=127.0.0.1 -Didserver.service_port=$udp \
    -jar target/container/payara-micro.jar --nohazelcast --disablephonehome --prebootcommandfile "$work/plain/preboot" \
    --logproperties "$work/deploy/logging.properties" --rootdir "$work/plain/root" --port $http --contextroot / \
    --deploy target/id_server.war >"$work/plain/console" 2>&1 &
  pid=$!
  await_first_id
  sample plain "$began" "$pid"
  kill "$pid"
  wait "$pid" || true
  pid=''
}

by_script() { # name
  local began starting
  rm -rf "$work/data"
  began=$EPOCHREALTIME
  "$work/deploy/server_ctl.sh" start id_server 1 >"$work/start.out" 2>&1 &
  starting=$!
  await_first_id
  sample "$1" "$began" "$(head -n 1 "$work/data/server.pid")"
  wait "$starting" || { cat "$work/start.out" >&2; exit 1; }
  "$work/deploy/server_ctl.sh" stop id_server 1 >/dev/null
}

by_script first
echo "waiting for the class-data archives, which are made once" >&2
for ((i = 0; i < 180; i++)); do
  compgen -G "$work/lib/payara/classes-*.jsa" >/dev/null && ! compgen -G "$work/lib/payara/classes-*.lock" >/dev/null && break
  sleep 1
done
by_script warm
plain >/dev/null
sed -i '/^plain/d' "$samples"
for ((round = 0; round < rounds; round++)); do
  plain
  by_script script
done
awk '
  function median(v, n,  i, j, t) {
    for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
  }
  $1 == "plain" { p[++n] = $2; pc[n] = $3 }
  $1 == "script" { s[++m] = $2; sc[m] = $3; r[m] = s[m] / p[m]; rc[m] = sc[m] / pc[m] }
  END {
    printf "| | s | CPU-s |\n|---|---|---|\n"
    printf "| plain Payara Micro | %.2f | %.1f |\n", median(p, n), median(pc, n)
    printf "| `server_ctl.sh start` | %.2f | %.1f |\n", median(s, m), median(sc, m)
    printf "| ratio | %.3f | %.3f |\n", median(r, m), median(rc, m)
  }' "$samples"
