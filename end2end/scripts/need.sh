#!/usr/bin/env bash
# need.sh build|test - installs Debian's packages and rustup's components that are missing, and nothing else.
# Says nothing and touches nothing when all are there.
set -euo pipefail

packages=()
need() { # need PACKAGE COMMAND...: the package is missing when the command fails
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || packages+=("$package")
}
any() { compgen -G "$1" >/dev/null; }

command -v cargo >/dev/null || { echo "cargo is missing: install Rust from https://rustup.rs" >&2; exit 1; }
[ "$(node -p 'process.versions.node.split(".")[0] >= 20' 2>/dev/null)" = true ] || {
  echo "node 20 or newer is missing: install it from https://nodejs.org" >&2
  exit 1
}

need gcc command -v cc
need libc6-dev test -e /usr/include/stdio.h
need npm command -v npm
if [ "$1" = test ]; then
  need postgresql any '/usr/lib/postgresql/*/bin/initdb'
  need chromium command -v chromium
  need fonts-noto-cjk any '/usr/share/fonts/opentype/noto/NotoSansCJK-*'
  need sqlite3 command -v sqlite3
fi

if [ ${#packages[@]} -gt 0 ]; then
  echo "== installing Debian's ${packages[*]} (1 to 3 minutes)"
  if [ "$(id -u)" != 0 ]; then
    echo "This needs root. Run: apt-get install --no-install-recommends ${packages[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

if [ "$1" = test ]; then
  for component in rustfmt clippy; do
    cargo "${component/rust/}" --version >/dev/null 2>&1 || rustup component add "$component"
  done
fi
