#!/usr/bin/env bash
# postgres.sh run COMMAND...   runs a command with a PostgreSQL of its own, its address in ZHIJIAN_TEST_POSTGRES
# postgres.sh start            starts one and prints the address
# postgres.sh stop ADDRESS     ends it and removes its folder
#
# It listens on a socket in a new folder and nowhere else, and has nothing to do with a PostgreSQL of the machine.
# fsync stays on, because tests kill it and look at what was kept. PostgreSQL refuses root, so root becomes postgres.
set -euo pipefail

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
as_owner() {
  if [ "$(id -u)" = 0 ]; then (cd /tmp && exec runuser -u postgres -- "$@"); else "$@"; fi
}

start() {
  dir=$(as_owner mktemp -d /tmp/zhijian-postgres.XXXXXX)
  clean_up_at_exit
  as_owner "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$dir/setup.log" 2>&1 &&
    as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -c listen_addresses='' -c max_connections=200" start \
      >>"$dir/setup.log" 2>&1 || {
    cat "$dir"/*log >&2
    exit 1
  }
  address="postgres://postgres@localhost/postgres?host=$dir"
}

stop() {
  as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true # it may never have started
  rm -rf "$dir"
}

# A second Ctrl-C must not cut the cleaning short.
clean_up_at_exit() {
  trap 'trap "" INT TERM HUP; stop' EXIT
  trap 'exit 130' INT TERM HUP
}

case ${1:-} in
run)
  shift
  start
  ZHIJIAN_TEST_POSTGRES=$address "$@"
  ;;
start)
  start
  trap - EXIT
  echo "$address"
  ;;
stop)
  dir=${2##*host=}
  case $dir in /tmp/zhijian-postgres.*) ;; *) echo "not one of ours: $dir" >&2 && exit 1 ;; esac
  stop
  ;;
*)
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
  ;;
esac
