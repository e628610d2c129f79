#!/usr/bin/env bash
# Starts, stops and reloads an id server; "server_ctl.sh help" prints the usage.
#
# All that is known about a running server stands on its own command line (-Didserver.instance=... and friends), so
# stop, status and reload need neither Java's help to find it nor a configuration file that is still in order.
set -u

readonly READY_TIMEOUT_S=120
readonly STOP_TIMEOUT_S=30

usage() {
  cat <<'USAGE'
usage: server_ctl.sh start|stop|reload|status|run|accept|migrate|grow id_server {server_id}
       server_ctl.sh jmx id_server {server_id} show|reload|rollback|level [0-5]

  start    check the configuration, start the server, wait until it is ready; starting a running server changes nothing
  run      the same in the foreground, for systemd and containers: SIGTERM or SIGINT stops it gracefully
  stop     stop gracefully: unused numbers are given back; killed after 30 s
  reload   read the rule list, the rules and the logging settings again; all or nothing
  status   exit code 0: running, 3: not running
  accept   say that the database is not older than what was issued: for a start on a new machine or disk
  jmx      show: all that the MBeans tell; rollback: serve the rules of before again; level: read or set the log level
  migrate  give all servers of the database this configuration's id_step and time_zone; none may run
  grow     give all servers of the database this configuration's larger id_step while they run, so that more can be added
  help     this text

The configuration is id_server_{server_id}.json beside this script, or id_server_{server_id}.xml with the same content.
JAVA_HOME  the Java to use, 17 or later; else the java in PATH
JAVA_OPTS  more options for the server's JVM, after ours, split at spaces: JAVA_OPTS='-Xmx1g'
Exit code: 0 done, 1 failed, 2 wrong usage, 3 not running (status), 7 not running (reload).
The reload goes through JMX (idserver:type=Rules), which jconsole of the same user sees as well.
USAGE
}

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
die() {
  complain "$*"
  exit 1
}

now_us() {
  if [ -n "${EPOCHREALTIME:-}" ]; then
    printf '%s' "${EPOCHREALTIME/[.,]/}"
  else
    printf '%s' "$(date +%s)000000"
  fi
}

seconds_since() { # from (microseconds) -> 8.2
  local tenths=$((($(now_us) - $1) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# ---------------------------------------------------------------------------------------------------- what is on disk

locate_installation() {
  local script
  script=$(readlink -f -- "${BASH_SOURCE[0]}") || die "cannot resolve ${BASH_SOURCE[0]}"
  deploy_dir=$(dirname -- "$script")
  home_dir=$(dirname -- "$deploy_dir")
  instance=$deploy_dir/id_server_$server_id
}

choose_configuration() {
  config=$instance.json
  if [ ! -e "$config" ]; then
    config=$instance.xml
    [ -e "$config" ] || die "no configuration for id_server $server_id: neither $instance.json nor $config exists"
  elif [ -e "$instance.xml" ]; then
    complain "note: $instance.json is used, id_server_$server_id.xml is ignored"
  fi
  [ -r "$config" ] || die "cannot read $config"
}

find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || die "JAVA_HOME=$JAVA_HOME has no bin/java: set JAVA_HOME to a JDK 17 or later"
  else
    java=$(command -v java) || die "no Java found: install a JDK 17 or later, or set JAVA_HOME to one"
  fi
  # a Java tells its version in a file; to ask it takes longer
  local version release
  release=$(readlink -f -- "$java") && release=${release%/bin/java}/release
  java_version=$(grep -s '^JAVA_.*VERSION=\|^IMPLEMENTOR' -- "$release") && version=$(sed -n 's/^JAVA_VERSION="\([0-9._]*\).*/\1/p' <<<"$java_version")
  if [ -z "${version:-}" ]; then
    java_version=$("$java" -version 2>&1) || die "$java does not run: set JAVA_HOME to a JDK 17 or later"
    version=$(sed -n 's/.* version "\([0-9][0-9.]*\).*/\1/p' <<<"$java_version" | head -n 1)
  fi
  version=${version#1.}
  version=${version%%.*}
  [ "${version:-0}" -ge 17 ] ||
    die "$java is Java ${version:-of an unknown version}: set JAVA_HOME to a JDK 17 or later"
  # Without a UTF-8 locale Java cannot open a path that is not plain ASCII.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *UTF-8* | *utf8* | *UTF8* | *utf-8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
}

find_libraries() {
  lib_dir=$home_dir/lib
  if [ ! -f "$lib_dir/payara/payara.jar" ]; then
    [ -f "$home_dir/pom.xml" ] || die "$lib_dir/payara/payara.jar is missing: unpack the archive again"
    build_if_needed
  fi
  lib_dir=$(readlink -f -- "$lib_dir")
  choose_archives
}

# Classes in an archive that the JVM maps into its memory (class-data sharing) take half of the time of a start. An archive is
# for one Java and one place of the installation, so it is made here: from the classes that the first start has loaded. One that
# was copied along with the installation has another name than the one that is looked for here.
choose_archives() {
  local fit
  payara=$lib_dir/payara/payara.jar
  fit=$({
    printf '%s\n' "$java_version" "$lib_dir"
    stat -c '%s %Y' -- "$payara" # not ls, whose dates change their form with age
  } | cksum | tr ' ' -)
  archive=$lib_dir/payara/classes-$fit.jsa
  tool_archive=$lib_dir/payara/tool-$fit.jsa
  tool_list=$lib_dir/payara/tool-$$.list
  tool_classes=(-cp "$lib_dir/tool/*")
  tool=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "${tool_classes[@]}")
  [ ! -f "$tool_archive" ] || tool=("-XX:SharedArchiveFile=$tool_archive" -Xlog:disable -Xlog:all=error:stderr "${tool[@]}")
}

may_make_archives() { [ ! -f "$archive" ] && [ -w "${archive%/*}" ] && command -v flock >/dev/null; }

# Takes half a minute of one processor, once, in the background and of lowest priority. Without it a start is only slower.
make_archives() { # the list of the server's classes
  [ -s "$1" ] || return 0
  local made=$archive.$$
  cp -- "$1" "$made.list" || return 0
  (
    exec 8>"$archive.lock" && flock -n 8 && [ ! -f "$archive" ] && {
      rm -f -- "${archive%/*}"/{classes,tool}-*.jsa # of another Java or place
      dump() { # class list, archive, class path: only G1 writes the objects of an archive, which any collector reads
        nice -n 19 "$java" -Xshare:dump -XX:+UseG1GC "-XX:SharedClassListFile=$1" "-XX:SharedArchiveFile=$made" "${@:3}" &&
          mv -f -- "$made" "$2"
      }
      dump "$tool_list" "$tool_archive" "${tool_classes[@]}"
      dump "$made.list" "$archive" -jar "$payara"
    }
    rm -f -- "$made" "$made.list" "$archive.lock" "${archive%/*}"/tool-*.list
  ) </dev/null >/dev/null 2>&1 9>&- &
}

built_lib_dir() {
  local candidate
  for candidate in "$home_dir"/target/id_server-*/lib; do
    [ -d "$candidate" ] && printf '%s' "$candidate" && return
  done
}

build_if_needed() {
  local war=$home_dir/target/id_server.war why='' newer
  lib_dir=$(built_lib_dir)
  if [ -z "$lib_dir" ] || [ ! -f "$lib_dir/payara/payara.jar" ] || ! cmp -s "$war" "$lib_dir/id_server.war"; then
    why='nothing is built yet'
  else
    newer=$(find "$home_dir/pom.xml" "$home_dir/src/main" "$home_dir/deploy/counter.sql" -type f -newer "$war" |
      head -n 1)
    [ -z "$newer" ] || why="${newer#"$home_dir"/} is newer than the build"
  fi
  [ -n "$why" ] || return 0
  build "$why"
  lib_dir=$(built_lib_dir)
  [ -f "$lib_dir/payara/payara.jar" ] || die "the build left no $home_dir/target/id_server-*/lib"
  touch -- "$war"
}

build() { # why
  local maven=$home_dir/mvnw log=$home_dir/target/server_ctl_build.log began step='' last='' quiet_s=0
  if [ ! -x "$maven" ]; then
    maven=$(command -v mvn) || die "$1, and there is no Maven: install Maven 3.8 or later, or use the archive"
  fi
  say "building: $1 (about half a minute; the first time some minutes, while Maven downloads)"
  mkdir -p -- "$home_dir/target"
  began=$(now_us)
  (cd -- "$home_dir" && exec "$maven" -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package) </dev/null >"$log" 2>&1 &
  child=$!
  trap 'kill "$child" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    step=$(sed -n 's/^\[INFO\] --- \([^ :]*\):[^ :]*:\([^ ]*\) .*/\1 \2/p' "$log" | tail -n 1)
    if [ "$step" != "$last" ]; then
      say "  $(seconds_since "$began") s  $step"
      last=$step
      quiet_s=0
    elif [ $((quiet_s += 1)) -ge 15 ]; then
      say "  $(seconds_since "$began") s  still at it"
      quiet_s=0
    fi
  done
  if ! wait "$child"; then
    sed -n -e '/Help 1/q' -e 's/^\[ERROR\] \(..*\)/  \1/p' "$log" | head -n 12 >&2
    die "the build failed, see $log"
  fi
  trap - INT TERM
  say "built in $(seconds_since "$began") s"
}

# ------------------------------------------------------------------------------------------------ what is running

# The value of -D$2=... on the command line of process $1; fails when there is none.
property_of() {
  local argument
  [ -r "/proc/$1/cmdline" ] || return 1
  while IFS= read -r -d '' argument; do
    case $argument in
      "-D$2="*)
        printf '%s' "${argument#"-D$2="}"
        return 0
        ;;
    esac
  done 2>/dev/null <"/proc/$1/cmdline"
  return 1
}

# Sets pid to the server with the property $1=$2, empty if there is none.
find_process() {
  local file candidate
  pid=''
  while IFS= read -r file; do
    candidate=${file#/proc/}
    candidate=${candidate%/cmdline}
    # the second property tells the server from this very grep
    if [ "$(property_of "$candidate" "$1")" = "$2" ] && property_of "$candidate" idserver.run_dir >/dev/null; then
      pid=$candidate
      return 0
    fi
  done < <(grep -alF -- "-D$1=$2" /proc/[0-9]*/cmdline 2>/dev/null)
  return 1
}

is_alive() { # a process that ended and was not yet waited for has an empty command line
  local argument
  IFS= read -r -d '' argument 2>/dev/null <"/proc/$1/cmdline"
} 2>/dev/null

find_server() { find_process idserver.instance "$instance"; }

# Sets the addresses that the server $pid was started with.
recall_addresses() {
  http_host=$(property_of "$pid" idserver.http_host)
  http_port=$(property_of "$pid" idserver.http_port)
  service_host=$(property_of "$pid" idserver.service_host)
  service_port=$(property_of "$pid" idserver.service_port)
  data_dir=$(property_of "$pid" idserver.data_dir)
  log_dir=$(property_of "$pid" idserver.log_dir)
  run_dir=$(property_of "$pid" idserver.run_dir)
}

reachable() { # an address to connect to, for one to listen on
  case $1 in
    0.0.0.0) printf '127.0.0.1' ;;
    :: | 0:0:0:0:0:0:0:0) printf '::1' ;;
    *) printf '%s' "$1" ;;
  esac
}

bracketed() { # as in a URL
  case $1 in
    *:*) printf '[%s]' "$1" ;;
    *) printf '%s' "$1" ;;
  esac
}

is_ready() {
  local host status=''
  host=$(reachable "$http_host")
  {
    printf 'GET /health/ready HTTP/1.0\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' \
      "$(bracketed "$host")" "$http_port" >&0 && IFS= read -r -t 5 status
  } 2>/dev/null <>"/dev/tcp/$host/$http_port"
  case $status in
    'HTTP/1.'?' 200'*) return 0 ;;
    *) return 1 ;;
  esac
}

say_addresses() {
  say "  UDP   $(bracketed "$service_host"):$service_port"
  say "  HTTP  http://$(bracketed "$http_host"):$http_port"
  say "  data  $data_dir"
  say "  log   $log_dir"
}

say_example() {
  [ -n "$example_rule" ] || return 0
  local request="{\"action\":\"get\",\"rule_name\":\"$example_rule\",\"app_name\":\"test\"}"
  say "try:"
  say "  { echo -n '$request' >&0; dd bs=1400 count=1 status=none; echo; } <>/dev/udp/$(reachable "$service_host")/$service_port"
  say "  curl -X POST http://$(bracketed "$(reachable "$http_host")"):$http_port/ids/$example_rule/test"
}

# ------------------------------------------------------------------------------------------------ start

# Runs the check, which complains on stderr, and takes what it found out.
check_configuration() {
  local answer name value
  ! may_make_archives || tool+=("-XX:DumpLoadedClassList=$tool_list")
  answer=$("$java" "${tool[@]}" idserver.control.Check "$config") || {
    rm -f -- "$tool_list"
    die "id_server $server_id was not started"
  }
  http_host='' http_port='' service_host='' service_port='' data_dir='' log_dir='' example_rule='' thread_count=''
  while IFS='=' read -r name value; do
    case $name in
      http_host) http_host=$value ;;
      http_port) http_port=$value ;;
      service_host) service_host=$value ;;
      service_port) service_port=$value ;;
      data_dir) data_dir=$value ;;
      log_dir) log_dir=$value ;;
      example_rule) example_rule=$value ;;
      thread_count) thread_count=$value ;;
    esac
  done <<<"$answer"
  for name in http_host http_port service_host service_port data_dir log_dir; do
    [ -n "${!name}" ] || die "the check of $config did not tell $name: $lib_dir is not complete"
  done
}

prepare_directories() {
  mkdir -p -- "$data_dir" "$log_dir"
  [ -w "$data_dir" ] || die "cannot write to the data directory $data_dir"
  [ -w "$log_dir" ] || die "cannot write to the log directory $log_dir"
  pid_file=$data_dir/server.pid
  start_failed=$data_dir/start_failed
  console=$log_dir/id_server_$server_id.console.log
}

# Two starts at once must not both go on; held until the server has been launched.
lock() {
  exec 9>"$data_dir/server_ctl.lock" || die "cannot write to the data directory $data_dir"
  if command -v flock >/dev/null && ! flock -n 9; then
    die "another server_ctl.sh is starting a server in $data_dir"
  fi
}

unlock() { # once the server can be found
  local tries=0
  until property_of "$child" idserver.run_dir >/dev/null || ! kill -0 "$child" 2>/dev/null || [ $((tries += 1)) -gt 50 ]; do
    sleep 0.1
  done
  exec 9>&-
}

refuse_shared_data() {
  if find_process idserver.data_dir "$data_dir"; then
    die "the data directory $data_dir is in use by the server $(property_of "$pid" idserver.instance) (pid $pid)"
  fi
  if [ -e "$pid_file" ]; then
    complain "note: the server before (pid $(head -n 1 "$pid_file")) did not end by stop"
  fi
  rm -rf -- "$pid_file" "$start_failed" "$data_dir"/payara.??????
}

# Sets jvm and container: the whole command line.
compose_command() {
  run_dir=$(mktemp -d "$data_dir/payara.XXXXXX") || die "cannot write to the data directory $data_dir"
  mkdir -- "$run_dir/tmp" "$run_dir/root" || die "cannot write to the data directory $data_dir"

  # Payara listens on every address unless told, and closes a connection after 250 requests (max-connections, -1: never);
  # a reservation writer occupies a thread of the EJB pool all the time.
  local writers=${thread_count:-4}
  cat >"$run_dir/preboot" <<COMMANDS
set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address=$http_host
set configs.config.server-config.network-config.protocols.protocol.http-listener.http.max-connections=-1
set configs.config.server-config.ejb-container.property.thread-core-pool-size=$((writers + 12))
set configs.config.server-config.ejb-container.property.thread-max-pool-size=$((writers + 28))
set configs.config.server-config.availability-service.availability-enabled=false
set configs.config.server-config.http-service.virtual-server.server.property.send-error_1="code=503 path=$run_dir/not_ready.json"
COMMANDS
  # what the container answers for the application that stops, where it would have a page of its own
  echo '{"code":503,"error":"NOT_READY","message":"the server is stopping"}' >"$run_dir/not_ready.json"

  jvm=(
    -Xms256m -Xmx512m -XX:MetaspaceSize=160m -XX:+ExitOnOutOfMemoryError "-XX:ErrorFile=$log_dir/hs_err_%p.log"
    -Dfile.encoding=UTF-8 -Dsun.stdout.encoding=UTF-8 -Dsun.stderr.encoding=UTF-8
    -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8
    -Djava.awt.headless=true -Djava.rmi.server.hostname=127.0.0.1 "-Djava.io.tmpdir=$run_dir/tmp"
    "-Didserver.instance=$instance" "-Didserver.config=$config"
    "-Didserver.data_dir=$data_dir" "-Didserver.log_dir=$log_dir" "-Didserver.run_dir=$run_dir"
    "-Didserver.http_host=$http_host" "-Didserver.http_port=$http_port"
    "-Didserver.service_host=$service_host" "-Didserver.service_port=$service_port"
    "-Didserver.started=$(date '+%Y-%m-%d %H:%M:%S %z')"
    "-Dfish.payara.micro.BootJar=file:$lib_dir/payara/payara.jar" "-Dfish.payara.micro.UnpackDir=$lib_dir/payara"
    # the second compiler is for what is called all the time: else most of what it compiles is run at the start only
    -XX:Tier4InvocationThreshold=500000 -XX:Tier4MinInvocationThreshold=60000 -XX:Tier4CompileThreshold=1500000
    -XX:Tier4BackEdgeThreshold=4000000
  )
  class_list=$run_dir/classes.list
  if [ -f "$archive" ]; then
    jvm+=("-XX:SharedArchiveFile=$archive")
  elif may_make_archives; then
    jvm+=("-XX:DumpLoadedClassList=$class_list")
  fi
  case $http_host$service_host in
    *:*) ;;
    *) jvm+=(-Djava.net.preferIPv4Stack=true) ;;
  esac
  local extra
  IFS=$' \t\n' read -r -d '' -a extra <<<"${JAVA_OPTS:-}" # always "fails", at the end
  jvm+=(${extra[@]+"${extra[@]}"})

  container=(
    --nohazelcast --disablephonehome --rootdir "$run_dir/root" --prebootcommandfile "$run_dir/preboot"
    --logproperties "$deploy_dir/logging.properties" --port "$http_port" --contextroot /
    --deploy "$lib_dir/id_server"
  )
}

prepare_start() {
  choose_configuration
  find_java
  find_libraries
  check_configuration
  prepare_directories
  lock
  refuse_shared_data
  compose_command
}

discard_run() {
  rm -f -- "$pid_file"
  rm -rf -- "$run_dir"
}

end_server() { # that did not become ready
  pid=$child
  kill -TERM "$child" 2>/dev/null
  await_end 10 || kill -KILL "$child" 2>/dev/null
  wait "$child" 2>/dev/null
  discard_run
}

# The server tells in a file that it has started. To ask it all the time holds it up; now and then, if it cannot write.
may_be_ready() { [ -e "$run_dir/started" ] || [ $((looks % 20)) -eq 0 ]; }

# Waits until the child is ready, or says why it is not, ends it and fails.
await_ready() {
  local deadline=$((SECONDS + READY_TIMEOUT_S)) looks=0
  until ((looks += 1)) && may_be_ready && is_ready; do
    if [ -s "$start_failed" ]; then
      sleep 0.1 # the file may still be growing
      sed -e 's/^id_server cannot start: //' -e "s/^/id_server $server_id cannot start: /" "$start_failed" >&2
      end_server
      return 1
    elif ! is_alive "$child"; then
      wait "$child"
      local code=$?
      [ "$stopping" = no ] || return 1
      show_console
      complain "id_server $server_id cannot start: the process ended with exit code $code"
      discard_run
      return 1
    elif [ -n "$console" ] && grep -qE 'Exception while (load|deploy|start|prepar)ing the app|Exception during lifecycle' "$console"; then
      show_console
      end_server
      complain "id_server $server_id cannot start: the application was not deployed"
      return 1
    elif [ "$SECONDS" -ge "$deadline" ]; then
      show_console
      end_server
      complain "id_server $server_id cannot start: not ready after $READY_TIMEOUT_S s, stopped"
      return 1
    fi
    sleep 0.1
  done
}

show_console() {
  [ -n "$console" ] && [ -s "$console" ] || return 0
  complain "the last lines of $console:"
  grep -vE '^[[:space:]]+(at |\.\.\. )' "$console" | tail -n 12 | cut -c 1-300 | sed 's/^/  /' >&2
}

start() {
  if find_server; then
    say "id_server $server_id is already running (pid $pid)"
    return 0
  fi
  prepare_start
  local began
  began=$(now_us)
  stopping=no
  [ ! -e "$console" ] || mv -f -- "$console" "$console.1"
  say "starting id_server $server_id ..."
  (
    cd / || exit 1
    detach=(nohup)
    ! command -v setsid >/dev/null || detach=(setsid nohup)
    exec "${detach[@]}" "$java" "${jvm[@]}" -jar "$payara" "${container[@]}"
  ) </dev/null >"$console" 2>&1 9>&- &
  child=$!
  trap 'end_server; exit 130' INT TERM
  echo "$child" >"$pid_file"
  unlock
  await_ready || exit 1
  trap - INT TERM
  make_archives "$class_list"
  say "id_server $server_id is ready (pid $child, $(seconds_since "$began") s)"
  say_addresses
  say_example
}

run() {
  if find_server; then
    die "id_server $server_id is already running (pid $pid)"
  fi
  prepare_start
  local began code
  began=$(now_us)
  stopping=no
  console=''
  # The shell has the child ignore SIGINT, so that one from the terminal reaches it only through the trap.
  (
    cd / || exit 1
    exec "$java" "${jvm[@]}" -jar "$payara" "${container[@]}"
  ) </dev/null 9>&- &
  child=$!
  trap 'stopping=yes; kill -TERM "$child" 2>/dev/null' INT TERM HUP
  echo "$child" >"$pid_file"
  unlock
  if await_ready; then
    make_archives "$class_list"
    say "id_server $server_id is ready (pid $child, $(seconds_since "$began") s)"
    say_addresses
  elif [ "$stopping" = no ]; then
    exit 1
  fi
  code=0
  while is_alive "$child"; do # a signal ends the wait, not the server
    wait "$child"
    code=$?
  done
  discard_run
  [ "$code" -ne 143 ] || code=0 # SIGTERM, from here or from "stop": a graceful end
  return "$code"
}

# ------------------------------------------------------------------------------------------------ stop, status, reload

await_end() { # seconds; fails when the process is still there
  local deadline=$((SECONDS + $1))
  while is_alive "$pid"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

stop() {
  if ! find_server; then
    say "id_server $server_id is not running"
    return 0
  fi
  local began
  began=$(now_us)
  recall_addresses
  say "stopping id_server $server_id (pid $pid) ..."
  kill -TERM "$pid" 2>/dev/null || ! is_alive "$pid" || die "cannot signal pid $pid: it belongs to another user"
  if ! await_end "$STOP_TIMEOUT_S"; then
    complain "id_server $server_id did not end within $STOP_TIMEOUT_S s and is killed; ids stay unique, some numbers are skipped"
    kill -KILL "$pid" 2>/dev/null
    await_end 10 || die "id_server $server_id (pid $pid) cannot be killed"
  fi
  rm -f -- "$data_dir/server.pid"
  case $run_dir in
    "$data_dir"/payara.*) rm -rf -- "$run_dir" ;;
  esac
  say "id_server $server_id is stopped ($(seconds_since "$began") s)"
}

status() {
  if ! find_server; then
    say "id_server $server_id is not running"
    return 3
  fi
  local readiness='not ready'
  recall_addresses
  ! is_ready || readiness=ready
  say "id_server $server_id is running, $readiness (pid $pid, since $(property_of "$pid" idserver.started))"
  say_addresses
}

jmx() { # command...
  if ! find_server; then
    complain "id_server $server_id is not running"
    return 7
  fi
  find_java
  find_libraries
  "$java" "${tool[@]}" idserver.control.Jmx "$pid" "$@"
}

reload() { jmx reload; }

# ------------------------------------------------------------------------------------------------ accept, migrate, grow

refuse_running() {
  if find_server; then
    die "id_server $server_id is running (pid $pid): stop it first"
  fi
}

prepare_tool() {
  choose_configuration
  find_java
  find_libraries
}

accept() {
  refuse_running
  prepare_tool
  check_configuration
  prepare_directories
  : >"$data_dir/accept_database" || die "cannot write to the data directory $data_dir"
  say "the next start of id_server $server_id takes the database as it is."
  say "Were numbers issued that it does not know of (a restored back-up, a replica that lagged behind), they come twice:"
  say "then raise \"reserved\" in id_server_counter above the last id in use, before that start."
}

migrate() {
  refuse_running
  prepare_tool
  "$java" "${tool[@]}" idserver.control.Migrate "$config"
}

grow() {
  prepare_tool
  "$java" "${tool[@]}" idserver.control.Grow "$config"
}

# ------------------------------------------------------------------------------------------------

case ${1:-} in
  help | -h | --help)
    usage
    exit 0
    ;;
esac
if [ $# -lt 3 ] || [ "$2" != id_server ] || { [ $# -ne 3 ] && [ "$1" != jmx ]; }; then
  usage >&2
  exit 2
fi
server_id=$3
case $server_id in
  *[!A-Za-z0-9_-]* | '')
    complain "server_id must be letters and digits: $server_id"
    exit 2
    ;;
esac
locate_installation
case $1 in
  start | stop | reload | status | run | accept | migrate | grow) "$1" ;;
  jmx) jmx "${@:4}" ;;
  *)
    usage >&2
    exit 2
    ;;
esac
