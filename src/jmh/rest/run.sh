#!/usr/bin/env bash
# Ids over HTTP against an empty JAX-RS resource in the same process, by wrk, in alternating rounds. Prints the ratios.
#   src/jmh/rest/run.sh      needs a JDK 17, Maven and wrk; builds what is missing; about three minutes. Works in target/rest-benchmark
#   ROUNDS=5 ROUND_S=3 CONNECTIONS=32 WARM_UP_S=8      how often, how long each, over how many connections
# JAVA_OPTS are those of the server. The compilers need a core of their own, so the warm-up has two connections only.
set -euo pipefail

readonly here=$(cd "$(dirname "$0")" && pwd)
readonly home=$(cd "$here/../../.." && pwd)
readonly place=$home/target/rest-benchmark
readonly rounds=${ROUNDS:-5} round_s=${ROUND_S:-3} connections=${CONNECTIONS:-32} warm_up_s=${WARM_UP_S:-8}
readonly udp_port=${UDP_PORT:-18120} http_port=${HTTP_PORT:-18180}
readonly ask='{"action":"get","rule_name":"task","app_name":"bench"}'

# name, method, path, body: the measured ones, then what is told beside them
readonly compared=(
  "empty             |POST|/empty               |"
  "empty, an answer  |POST|/empty/answer        |"
  "get by path       |POST|/ids/task/bench      |"
  "empty, body       |POST|/empty               |$ask"
  "empty, both       |POST|/empty/answer        |$ask"
  "get by body       |POST|/ids                 |$ask"
)
readonly others=(
  "count=1000        |POST|/ids/task/many?count=1000|"
  "time id           |POST|/ids/event/bench     |"
  "monitor           |GET |/counters/task/bench |"
  "status            |GET |/status              |"
)

command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }

build() {
  local war=$home/target/id_server.war
  if [ ! -f "$war" ] || [ -n "$(find "$home/pom.xml" "$home/src/main" "$home/deploy" -type f -newer "$war" | head -n 1)" ]; then
    (cd "$home" && mvn -q -Dmaven.test.skip=true package)
  fi
}

# The product as it is installed, but for one class more in the application.
install_product() {
  local built=("$home"/target/id_server-*/)
  rm -rf "$place"
  mkdir -p "$place/classes/WEB-INF/classes"
  cp -r "${built[0]}." "$place/server"
  rm -f "$place"/server/deploy/id_server_*.json
  javac --release 17 -cp "$place/server/lib/payara/runtime/*" -d "$place/classes/WEB-INF/classes" "$here/EmptyResource.java"
  cp -r "$place/classes/WEB-INF" "$place/server/lib/id_server/"
  cat >"$place/server/deploy/id_server_1.json" <<JSON
{ "service_port": $udp_port, "http_port": $http_port, "data_dir": "$place/data", "log_dir": "$place/log",
  "rules": [ { "name": "task", "lua_file": "task.lua", "batch_save": 1000 }, { "name": "event", "type": "time" } ] }
JSON
}

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$(head -n 1 "$place/data/server.pid")/stat"; }

# Measures one kind of request and writes a line of figures: name, requests/s, CPU microseconds, failures, percentiles.
measure() { # kind seconds connections
  local name method path body before after line
  IFS='|' read -r name method path body <<<"$1"
  read -r path <<<"$path"
  read -r method <<<"$method"
  before=$(cpu_ticks)
  line=$(METHOD=$method BODY=$body wrk -t1 -c"$3" -d"${2}s" --timeout 5s -s "$here/request.lua" \
    "http://127.0.0.1:$http_port$path" | grep ^figures)
  after=$(cpu_ticks)
  awk -v name="$name" -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '{
    printf "%s|%.0f|%.1f|%d|%d|%d|%d|%d|%d\n", name, $2 / $3 * 1e6, ticks / hz * 1e6 / $2, $4, $5, $6, $7, $8, $9 }' \
    <<<"$line"
}

# Medians over the rounds, a row for each kind in the order they came.
table() {
  awk -F'|' '
    function median(name, column,   i, j, n, swap) {
      n = count[name]
      for (i = 1; i <= n; i++) sorted[i] = figure[name, i, column]
      for (i = 2; i <= n; i++) for (j = i; j > 1 && sorted[j] < sorted[j - 1]; j--) {
        swap = sorted[j]; sorted[j] = sorted[j - 1]; sorted[j - 1] = swap }
      least = sorted[1]; most = sorted[n]
      return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
    }
    { if (!count[$1]++) names[++kinds] = $1
      for (i = 2; i <= NF; i++) figure[$1, count[$1], i] = $i + 0
      failed[$1] += $4 }
    END {
      for (k = 1; k <= kinds; k++) {
        name = names[k]
        rate = median(name, 2)
        printf "| %s | %.0f | %.0f-%.0f | %.1f | %.2f | %.2f | %.2f | %.2f | %d |\n", name, rate, least, most,
          median(name, 3), median(name, 5) / 1000, median(name, 6) / 1000, median(name, 7) / 1000,
          median(name, 8) / 1000, failed[name]
      }
    }' "$1"
}

ratio() { # of whom, to whom
  awk -F'|' -v a="$1" -v b="$2" '
    { gsub(/^ +| +$/, "", $2) } $2 == a { x = $3; cx = $5 } $2 == b { y = $3; cy = $5 }
    END { printf "%s / %s: %.2f of the answers, %.2f of the CPU time\n", a, b, x / y, cx / cy }' "$place/table"
}

busy_ticks() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }
own_ticks() { awk -v server="$(cpu_ticks)" '{ print server + $14 + $15 + $16 + $17 }' "/proc/$$/stat"; }

build
install_product
server=$place/server/deploy/server_ctl.sh
trap '"$server" stop id_server 1 >/dev/null' EXIT
"$server" start id_server 1 >"$place/start.log"
for kind in "${compared[@]}"; do measure "$kind" "$warm_up_s" 2 >/dev/null; done
for kind in "${others[@]}"; do measure "$kind" 3 2 >/dev/null; done

busy=$(busy_ticks) own=$(own_ticks) began=$SECONDS
for ((round = 1; round <= rounds; round++)); do
  for kind in "${compared[@]}"; do measure "$kind" "$round_s" "$connections" >>"$place/figures"; done
done
for ((round = 1; round <= 3; round++)); do
  for kind in "${others[@]}"; do measure "$kind" 1 "$connections" >>"$place/figures"; done
done
busy=$(($(busy_ticks) - busy - $(own_ticks) + own))
echo "Other processes had $((100 * busy / ((SECONDS - began) * $(getconf CLK_TCK) * $(nproc)))) % of the processors meanwhile."
echo
{
  echo "| request | answers/s | least-most | CPU us | 50 % ms | 90 % | 99 % | 99.9 % | failed |"
  echo "|---|---|---|---|---|---|---|---|---|"
  table "$place/figures"
} | tee "$place/table"
ratio "get by path" "empty"
ratio "get by path" "empty, an answer"
ratio "get by body" "empty, body"
ratio "get by body" "empty, both"
