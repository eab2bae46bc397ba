#!/usr/bin/env bash
# load.sh - measures what `make build` made, under load, with a database of its own in a temporary folder.
#
# Prints sizes, memory, 500 learners on the road, two pages beside a bare handler, an answer beside a bare commit, a contest
# of 20 000 learners and as many watchers, a live match of 226 teams, on SQLite and on PostgreSQL with two processes, the buzzer, and what `zhijian check` says; the same goes to target/load.txt. Fails when
# anything failed or was lost. LEARNERS, THINK_MS, SECONDS_A_ROUND, TEAMS, SPECTATORS, CONTEST_LEARNERS, WATCHERS and RANKED change the sizes; TMPDIR must be on the disk that is meant, not in memory.
set -euo pipefail
cd "$(dirname "$0")/../.."

zhijian=target/release/zhijian
load=target/release/zhijian-load
site=target/site
for file in "$zhijian" "$load" "$site/pkg/assets.json"; do
  [ -e "$file" ] || { echo "$file is missing: run make build" >&2; exit 1; }
done
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true # a socket for each learner, at both ends

server=
second=
postgres=
stop() { # ends the server, or both, and says how the last of them ended
  local pids="$second $server" pid end=0
  server=
  second=
  for pid in $pids; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" || end=$?
  done
  return "$end"
}
clean_up() {
  trap '' INT TERM HUP
  stop || true
  [ -z "$postgres" ] || end2end/scripts/postgres.sh stop "$postgres" || true
  rm -rf "$dir"
}

title() { printf '\n== %s\n' "$*"; }
# RssAnon is the program's own memory; RssFile is the binary and the mapped database.
memory() { awk '/^(VmHWM|VmRSS|RssAnon|RssFile):/ { printf "%s %.1f MiB  ", $1, $2 / 1024 } END { print "" }' "/proc/$server/status"; }
within() { # within MB: whether the server's memory ever was more
  awk -v most="$1" '/^VmHWM:/ { mb = $2 * 1024 / 1e6; printf "%-8s%s, MB: %.2f, the limit is %.2f\n", mb <= most ? "held" : "MISSED", "memory of the server", mb, most }' "/proc/$server/status"
}
bytes() { stat -c %s "$1" 2>/dev/null || echo -; }
asset() { # asset KEY: the file behind the key of assets.json
  local name
  name=$(sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" "$site/pkg/assets.json")
  echo "$site/pkg/${name##*/}"
}

sizes() {
  local key file
  printf '%-16s%12s%12s\n' 'file' 'bytes' 'brotli'
  for key in wasm js css navigate; do
    file=$(asset "$key")
    printf '%-16s%12s%12s\n' "$key" "$(bytes "$file")" "$(bytes "$file.br")"
  done
  printf '%-16s%12s\n' 'server binary' "$(bytes "$zhijian")"
}

wait_for() { # wait_for URL: until it answers, ten seconds at most
  for _ in $(seq 100); do
    if node -e 'fetch(process.argv[1]).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$1"; then return 0; fi
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

start() { # start DATABASE LISTEN: a server, its process in $server, its address in $address
  : >"$dir/serve.txt"
  "$zhijian" serve --listen "$2" --site "$site" --database "$1" >"$dir/serve.txt" 2>>"$dir/server.log" &
  server=$!
  address=
  for _ in $(seq 100); do
    address=$(sed -n 's/^listening on //p' "$dir/serve.txt")
    [ -z "$address" ] || break
    sleep 0.1
  done
  [ -n "$address" ] && wait_for "$address/healthz" || { cat "$dir/server.log"; return 1; }
}

match() { # match DATABASE
  "$load" match --base "$address" --database "$1" --teams "${TEAMS:-226}" --spectators "${SPECTATORS:-5000}"
}

contest() { # contest DATABASE
  "$load" contest --base "$address" --database "$1" --learners "${CONTEST_LEARNERS:-20000}" --watchers "${WATCHERS:-20000}" --ranked "${RANKED:-200000}"
}

measure() {
  local failed=0 address db
  dir=$(mktemp -d "${TMPDIR:-/var/tmp}/zhijian-load.XXXXXX")
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  db=sqlite:$dir/load.db

  title "sizes"
  sizes

  title "server (database on $(stat -f -c %T "$dir"))"
  "$zhijian" demo --database "$db" >"$dir/demo.txt" 2>&1 || { cat "$dir/demo.txt"; return 1; }
  start "$db" 127.0.0.1:0 || return 1
  sleep 2
  echo "at rest        $(memory)"

  title "the road"
  "$load" road --base "$address" --database "$db" --learners "${LEARNERS:-500}" --think-ms "${THINK_MS:-1000}" || failed=1
  sleep 5
  echo "after the load $(memory)"

  local path
  for path in /laws /laws/民法典 /laws/民法典/1032; do
    title "page $path"
    "$load" page --base "$address" --path "$path" --seconds "${SECONDS_A_ROUND:-3}" || failed=1
  done

  title "an answer beside a commit"
  "$load" commit --base "$address" --database "$db" || failed=1

  title "a live match"
  match "$db" || failed=1
  within 200
  echo "after the match $(memory)"

  title "a contest that everybody starts at once"
  contest "$db" || failed=1
  echo "after the contest $(memory)"

  title "the buzzer, simulated"
  "$load" buzzer || failed=1

  title "zhijian check"
  "$zhijian" check --database "$db" || failed=1
  echo "at the end     $(memory)"
  stop || { echo "the server ended with $?"; failed=1; }

  title "a live match on PostgreSQL, two processes behind one address"
  postgres=$(end2end/scripts/postgres.sh start)
  "$zhijian" demo --database "$postgres" >"$dir/demo.txt" 2>&1 || { cat "$dir/demo.txt"; return 1; }
  start "$postgres" 127.0.0.1:0 || return 1
  second=$server
  start "$postgres" "${address#http://}" || return 1
  match "$postgres" || failed=1
  within 200
  echo "one of them    $(memory)"
  "$zhijian" check --database "$postgres" || failed=1
  stop || { echo "a server ended with $?"; failed=1; }

  if grep -q '"level":"ERROR"' "$dir/server.log"; then
    failed=1
    echo "the server noted errors; the first ones:"
    grep '"level":"ERROR"' "$dir/server.log" | head -5
  fi
  [ "$failed" = 0 ] && title "all well" || title "not well: see above"
  return "$failed"
}

mkdir -p target
measure 2>&1 | tee target/load.txt
