# The front door. It only wraps: packages from packaging/debian-packages, the builds of
# CMakePresets.json, the tests by ctest, everything a change must pass by .ci/run.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
JOBS ?= $(shell nproc)
RELEASE := build/release
# How long `make fuzz` takes, all targets together.
SECONDS := 600
# How long `make soak` calls, and how often a second.
MINUTES := 30
RATE := 100

.DEFAULT_GOAL := help
.PHONY: help demo install uninstall deb test simulate load soak bench-tools bench-signalling bench-smoke build \
  format lint asan tsan fuzz check-all clean

# $(call configure,PRESET): once; ninja runs cmake again by itself when a CMakeLists.txt changes.
# A build folder that was copied here from elsewhere would still build the sources over there.
configure = grep -qsxF 'CMAKE_HOME_DIRECTORY:INTERNAL=$(CURDIR)' build/$1/CMakeCache.txt && \
  test -f build/$1/build.ninja || cmake --fresh --preset $1

# $(call build,PRESET,TARGETS): all targets if none is named; silent if nothing is to be done.
build = cmake --build build/$1 -j $(JOBS) $(if $2,--target $2) \
  | sed -u -e '/Re-checking globbed directories/d' -e '/ninja: no work to do/d'

help: ## these lines
	@echo 'Causeway. On a fresh Debian 12 or 13, as root or with sudo:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 25

demo: ## install what is missing, build, play a call through the daemon on 127.0.0.1
	@packaging/setup.sh daemon test
	@$(call configure,release)
	@$(call build,release,causeway causeway_demo)
	@$(RELEASE)/bin/causeway_demo --causeway $(RELEASE)/bin/causeway --config config/loopback.yaml

test: ## install what is missing, build everything, run every test
	@packaging/setup.sh daemon test
	@$(call configure,release)
	@$(call build,release)
	@tests/run.sh $(RELEASE)

simulate: ## SEEDS=N from 1 on (200), or SEED=n alone, with TRACE=1 every datagram of it
	@packaging/setup.sh daemon test
	@$(call configure,release)
	@$(call build,release,causeway_simulate)
	@$(RELEASE)/bin/causeway_simulate $(or $(SEED),1) $(if $(SEED),1,$(or $(SEEDS),200)) $(if $(TRACE),trace)

load: ## 30,000 calls at 200/s, then three times 5,000 at 500/s: nothing fails or grows (5 min)
	@packaging/setup.sh daemon test
	@$(call configure,release)
	@$(call build,release,causeway)
	@LOAD_STEADY=1 tests/integration/sipp/load.sh $(RELEASE)/bin/causeway 30000 200
	@for round in 1 2 3; do tests/integration/sipp/load.sh $(RELEASE)/bin/causeway 5000 500 || exit; done

soak: ## MINUTES (30) of RATE (100) calls a second with every ending: nothing fails or grows
	@packaging/setup.sh daemon test
	@$(call configure,release)
	@$(call build,release,causeway)
	@tests/integration/sipp/soak.sh $(RELEASE)/bin/causeway $$(($(MINUTES) * 60)) $(RATE)

bench-tools:
	@packaging/setup.sh daemon test bench
	@$(call configure,release)
	@cmake build/release -DCAUSEWAY_BENCH=ON >/dev/null
	@$(call build,release,causeway causeway_blaster causeway_latency)

bench-signalling: bench-tools ## beside Kamailio + RTPEngine, as root: a table and build/bench-signalling.json (40 min)
	@bench/signalling/run.sh --json build/bench-signalling.json

bench-smoke: bench-tools ## the same with few calls: does the bench itself work (4 min)
	@bench/signalling/run.sh --rounds 1 --rate 100 --seconds 2 --held 100 --settle 1 --linger 3 \
  --clean-rate 100 --blast 8

build: ## install what is missing, build the daemon: build/release/bin/causeway
	@packaging/setup.sh daemon test
	@$(call configure,release)
	@$(call build,release,causeway)

install: build ## daemon, systemd unit, user, a configuration if there is none (PREFIX, DESTDIR)
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' BINARY=$(RELEASE)/bin/causeway packaging/install.sh install

uninstall: ## takes away what install put there, never the configuration (PREFIX, DESTDIR)
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' packaging/install.sh uninstall

deb: build ## the Debian package of this machine's release: build/deb/causeway_VERSION_ARCH.deb
	@packaging/setup.sh deb
	@rm -rf build/deb
	@cpack --config $(RELEASE)/CPackConfig.cmake -B build/deb >build/deb.log 2>&1 || { cat build/deb.log >&2; exit 1; }
	@rm -rf build/deb/_CPack_Packages
	@ls build/deb/*.deb

format: ## rewrite the sources with clang-format-14
	@packaging/setup.sh daemon check
	@tests/lint/format.sh --fix

lint: ## format, layers, headers and the other checks that run no code of ours
	@packaging/setup.sh daemon test check
	@.ci/run style

asan: ## unit, scenario and simulation tests under AddressSanitizer and UBSan
	@.ci/run asan

tsan: ## scenario and threaded tests under ThreadSanitizer
	@.ci/run tsan

fuzz: ## fuzz every parser and machine for SECONDS (600) altogether, with sanitizers
	@packaging/setup.sh daemon test check
	@$(call configure,fuzz)
	@$(call build,fuzz,tests-fuzz)
	@JOBS=$(JOBS) tests/fuzz/run.sh build/fuzz $(SECONDS)

check-all: ## all of .ci/run, then what takes hours: see CONTRIBUTING.md
	@.ci/run --all

clean: ## remove build/
	@rm -rf build
