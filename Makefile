# 指尖学法. `make help` says what there is. Needs rustup's Rust, node and make; the rest installs itself (Debian, root).
#
# What is compiled, and why no more than that. Cold on two cores:
#   target/wasm     app for the browser, small (wasm-release), one crate at a time at its end,
#   target/release  zhijian and zhijian-load, beside it (-j2): one uses the core that the other leaves idle,
#   target/debug    all tests; and `bundle`, which makes the site (half a minute),
#   clippy          its own check of the same crates, without code.
# Browser tests run against target/release and target/site, so they test what `make serve` serves.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help serve test build load clean tools tools-test wasm server site lint unit browser

ADDRESS ?= 127.0.0.1:3000
# In CI the lock file must fit; elsewhere a new dependency may still change it.
LOCKED := $(if $(CI),--locked)
SCRIPTS := end2end/scripts
NPM := end2end/node_modules/.installed
# What is not shipped has views of erased types: app then compiles in a sixth of the time. What is shipped has not: the module
# of a first page would be larger than it may be, and the server's markup must be what that module expects.
ERASED := RUSTFLAGS="--cfg erase_components"

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 18

serve: build ## build and open the product at http://127.0.0.1:3000, with starter content in an embedded database
	@target/release/zhijian demo --if-empty
	@echo "== http://$(ADDRESS)  (Ctrl-C ends it)"
	@exec target/release/zhijian serve --listen $(ADDRESS) --site target/site

build: tools ## build the server, the load generator and the browser part, for use
	@[ -e target/site.stamp ] || echo "== building server and browser part: 10 to 15 minutes the first time on two cores, then a minute"
	@$(MAKE) --no-print-directory -j2 server wasm
	@$(MAKE) --no-print-directory site

test: tools-test ## everything that CI checks: formatting, clippy, all tests on both databases, browser tests
	@echo "== all checks and tests: about 40 minutes the first time on two cores"
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory build
	@$(MAKE) --no-print-directory browser
	@LEARNERS=10 THINK_MS=50 SECONDS_A_ROUND=1 TEAMS=4 SPECTATORS=20 CONTEST_LEARNERS=20 WATCHERS=20 RANKED=500 $(SCRIPTS)/load.sh

load: build ## measure the running product under load
	@$(SCRIPTS)/load.sh

clean: ## remove what was built, not the database
	rm -rf target end2end/node_modules end2end/test-results end2end/playwright-report

# The parts; each can be called alone.

lint: ## formatting and clippy, for the server and for the browser
	cargo fmt --all --check
	$(ERASED) cargo clippy $(LOCKED) --workspace --all-targets -- -D warnings
	$(SCRIPTS)/wasm.sh clippy

unit: ## unit tests and server tests, on SQLite and on a PostgreSQL of their own
	@RUST_TEST_THREADS=4 $(SCRIPTS)/postgres.sh run env $(ERASED) cargo test $(LOCKED) --workspace --no-fail-fast # many wait for a clock

browser: $(NPM) ## browser tests, of what `make build` made
	cd end2end && npx --no-install playwright test

wasm: $(NPM)
	+@$(SCRIPTS)/wasm.sh build

server:
	+@cargo build $(LOCKED) --release -p server -p zhijian-load

site: $(NPM)
	@$(ERASED) cargo build $(LOCKED) -q -p bundle
	@target/debug/bundle

tools:
	@$(SCRIPTS)/need.sh build

tools-test:
	@$(SCRIPTS)/need.sh test

# The packages run no scripts of their own at installation; the one that is needed is named here.
$(NPM): end2end/package.json end2end/package-lock.json
	@echo "== installing browser tests and page tools from npm (10 to 60 seconds)"
	@cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@cd end2end && node node_modules/lightningcss-cli/postinstall.js
	@touch $@
