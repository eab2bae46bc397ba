#!/usr/bin/env bash
# wasm.sh build|clippy - compiles the crate `app` for the browser, or lints it.
#
# rustup's wasm target where it can be had. Where rustup's servers do not answer: Debian's compiler, for this only,
# with a standard library built once from Debian's source of it. ZHIJIAN_WASM=debian asks for that road.
# The results: target/wasm/wasm32-unknown-unknown/wasm-release/app.wasm, and live.wasm beside it, the module of a live
# match: the same crate with another feature.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=wasm32-unknown-unknown
export CARGO_TARGET_DIR=target/wasm
locked=()
[ -z "${CI:-}" ] || locked=(--locked)

# The linker that rustup brings, for Debian's compiler, which brings none.
sysroot=$(rustc --print sysroot)
has_rustup_target() { [ -e "$sysroot/lib/rustlib/$target/lib" ]; }

add_rustup_target() {
  has_rustup_target && return
  # An earlier 'no' is remembered for a day, so that every run need not wait for it again.
  local refused=target/wasm/.no-rustup-target
  [ -z "$(find "$refused" -mtime -1 2>/dev/null)" ] || return 1
  echo "== adding rustup's $target (some seconds; given up after 60)"
  timeout 60 rustup target add "$target" && has_rustup_target && return
  mkdir -p target/wasm
  touch "$refused"
  return 1
}

debian_linker() {
  local lld
  for lld in "$sysroot"/lib/rustlib/*/bin/rust-lld /usr/bin/wasm-ld-* /usr/lib/llvm-*/bin/wasm-ld; do
    [ -x "$lld" ] && echo "$lld" && return
  done
  return 1
}

apt_install() {
  echo "== installing Debian's $* (half a minute)"
  if [ "$(id -u)" != 0 ]; then
    echo "This needs root. Run: apt-get install --no-install-recommends $*" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Sets RUSTC and the linker for Debian's compiler; installs it and builds its standard library for wasm, once.
use_debian() {
  if ! [ -e /usr/lib/rustlib/src/rust/library/std/Cargo.toml ] || ! [ -x /usr/bin/cargo ] || ! [ -x /usr/bin/rustc ]; then
    apt_install rustc-web cargo-web rust-web-src
  fi
  debian_linker >/dev/null || apt_install lld-19
  export RUSTC=/usr/bin/rustc
  cargo=/usr/bin/cargo
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(debian_linker)
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER

  local lib=/usr/lib/rustlib/$target/lib version
  version=$($RUSTC --version)
  [ "$(cat "$lib/made-for" 2>/dev/null)" = "$version" ] && return
  echo "== building the standard library for wasm with Debian's $version, once (1 to 3 minutes)"
  local empty
  empty=$(mktemp -d)
  mkdir "$empty/src"
  : >"$empty/src/lib.rs"
  cat >"$empty/Cargo.toml" <<'TOML'
[package]
name = "empty"
version = "0.0.0"
edition = "2021"
[profile.release]
opt-level = "s"
TOML
  # Bitcode inside, or the wasm's link-time optimisation does not find it later.
  (cd "$empty" && unset CARGO_TARGET_DIR CARGO_BUILD_TARGET RUSTUP_TOOLCHAIN &&
    RUSTFLAGS="-Cembed-bitcode=yes" RUSTC_BOOTSTRAP=1 $cargo build --release --target "$target" -Zbuild-std=std,panic_abort)
  rm -rf "$lib"
  mkdir -p "$lib"
  find "$empty/target/$target/release/deps" -name 'lib*.rlib' ! -name 'libempty-*' -exec cp {} "$lib/" \;
  rm -rf "$empty" "target/wasm/$target"
  echo "$version" >"$lib/made-for"
}

cargo=cargo
case ${1:-} in
build)
  if [ "${ZHIJIAN_WASM:-}" = debian ] || ! add_rustup_target; then use_debian; fi
  # `rustc --crate-type` and not `build`: app is an rlib too, and cargo leaves out lto=true for a crate that is both.
  # Both come out as app.wasm, and cargo takes each for a change of the other: so it is looked here whether anything changed
  # since the last build began, by the same compiler; then both are compiled.
  out=$CARGO_TARGET_DIR/$target/wasm-release
  by="$("${RUSTC:-rustc}" --version) ${RUSTFLAGS:-}"
  if [ "$(cat "$out/.built" 2>/dev/null)" = "$by" ] && [ -e "$out/live.wasm" ] && [ -e "$out/hydrate.wasm" ] &&
    [ -z "$(find app Cargo.toml Cargo.lock end2end/scripts/wasm.sh -newer "$out/.built" -print -quit)" ]; then
    exit 0
  fi
  mkdir -p "$out"
  rm -f "$out/.built"
  echo "$by" >"$out/.begun"
  for features in live hydrate; do
    # Views of erased types make the module of a match a sixth smaller, which draws and never hydrates; the other one larger.
    flags=
    [ "$features" = hydrate ] || flags="--cfg erase_components"
    RUSTFLAGS="${RUSTFLAGS:-} $flags" $cargo rustc "${locked[@]}" -p app --lib --crate-type cdylib --features "$features" \
      --target "$target" --profile wasm-release
    cp -p "$out/app.wasm" "$out/$features.wasm"
  done
  mv "$out/.begun" "$out/.built"
  ;;
clippy)
  if [ "${ZHIJIAN_WASM:-}" = debian ] || ! add_rustup_target; then
    use_debian
    command -v clippy-driver >/dev/null && [ -x /usr/bin/clippy-driver ] && [ -x /usr/bin/cargo-clippy ] || apt_install rust-web-clippy
    for features in hydrate live; do
      PATH=/usr/bin:$PATH $cargo clippy "${locked[@]}" -p app --features "$features" --target "$target" -- -D warnings
    done
  else
    for features in hydrate live; do
      CARGO_TARGET_DIR=target cargo clippy "${locked[@]}" -p app --features "$features" --target "$target" -- -D warnings
    done
  fi
  ;;
*)
  sed -n '2,7s/^# //p' "$0" >&2
  exit 2
  ;;
esac
