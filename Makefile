# A short front for CMake's presets; `make help` lists what it does. CONTRIBUTING.md says more.
#
#   make demo ARGS="--help"                          arguments for the example
#   make endpoint ARGS="--stream orders:2"           arguments for riacho-endpoint
#   make bench ARGS="--quick --goals=P1,P4"          arguments for the benchmarks
#   make test CONFIGURE_FLAGS=-DRIACHO_WERROR=ON     flags for CMake

PRESET := release
CONFIGURE_FLAGS :=
ARGS :=
JOBS := $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
BUILD := build/$(PRESET)

.PHONY: help demo test test-slow test-install test-browser test-clients endpoint asan tsan bench bench-all examples format clean dependencies configure

help:
	@echo 'make demo          build and run examples/replay.cc'
	@echo 'make test          build and run the tests (installs what is missing, on Debian)'
	@echo 'make test-slow     the tests that take long'
	@echo 'make test-install  the tests of the installed package'
	@echo 'make test-browser  the tests that look at pages with Chromium'
	@echo 'make test-clients  the AWS CLI, boto3 and JavaScript clients against riacho-endpoint (installs them, on Debian)'
	@echo 'make endpoint      build and run riacho-endpoint (ARGS="--port 4567 --stream orders:2")'
	@echo 'make asan          all tests under the address and undefined behaviour sanitizers'
	@echo 'make tsan          the concurrent tests under the thread sanitizer'
	@echo 'make bench         measure the speed goals, in a minute (ARGS=--quick: with fewer samples)'
	@echo 'make bench-all     build and run all other benchmarks'
	@echo 'make examples      build and run all examples'
	@echo 'make format        format all sources'
	@echo 'make clean         remove everything built'

dependencies:
	@cmake/install-dependencies.sh

configure: dependencies
	@cmake --preset $(PRESET) --log-level=WARNING $(CONFIGURE_FLAGS) >/dev/null

demo: configure
	@cmake --build --preset $(PRESET) --target replay
	@$(BUILD)/examples/replay $(ARGS)

test: configure
	@cmake --build --preset $(PRESET) --target riacho_tests
	@ctest --preset $(PRESET) -j $(JOBS)

test-slow: configure
	@cmake --build --preset $(PRESET) --target riacho_tests
	@ctest --test-dir $(BUILD) -L '^slow$$' --output-on-failure -j $(JOBS)

test-install: configure
	@cmake --build --preset $(PRESET) --target riacho riacho_testing riacho_wire riacho_endpoint
	@ctest --test-dir $(BUILD) -L '^install$$' --output-on-failure --no-tests=error

test-browser: configure
	@cmake --build --preset $(PRESET) --target riacho_browser_test
	@ctest --test-dir $(BUILD) -L '^browser$$' --output-on-failure --no-tests=error

# npm installs what package-lock.json says, without running anything of it.
test-clients: configure
	@cmake/install-dependencies.sh --clients
	@cmake --build --preset $(PRESET) --target riacho_endpoint riacho_virtual_endpoint
	@mkdir -p $(BUILD)/clients
	@cp tests/wire/clients/package.json tests/wire/clients/package-lock.json $(BUILD)/clients/
	@cd $(BUILD)/clients && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@ctest --test-dir $(BUILD) -L '^clients$$' --output-on-failure --no-tests=error

endpoint: configure
	@cmake --build --preset $(PRESET) --target riacho_endpoint
	@exec $(BUILD)/riacho-endpoint $(ARGS)

examples: configure
	@cmake --build --preset $(PRESET) --target riacho_examples
	@ctest --test-dir $(BUILD) -L '^example$$' --output-on-failure --no-tests=error

# Sanitizers want most of the memory: one test at a time per core, and no more.
asan tsan: dependencies
	@if [ $@ = tsan ]; then cmake/fetch-abseil-source.sh build/abseil-source; fi
	@cmake --preset $@ --log-level=WARNING $(CONFIGURE_FLAGS) >/dev/null
	@cmake --build --preset $@
	@ctest --preset $@ -j $(JOBS)

# Either program's ARGS are its own: `--quick --goals=P1,P4`, and Google Benchmark's for the others.
bench bench-all: dependencies
	@cmake --preset bench --log-level=WARNING $(CONFIGURE_FLAGS) >/dev/null
	@cmake --build --preset bench --target riacho_benches
	@$(MAKE) --no-print-directory run-$@

.PHONY: run-bench run-bench-all
run-bench:
	@build/bench/bench/goals_bench --title="Commit $$(git describe --always --dirty 2>/dev/null); make bench ARGS=\"$(ARGS)\"" $(ARGS)

run-bench-all:
	@set -e; for bench in $(filter-out %/goals_bench,$(wildcard build/bench/bench/*_bench)); do echo "== $$bench"; $$bench $(ARGS); done

format:
	@find include src tests bench examples -name '*.h' -o -name '*.cc' | xargs $$(command -v clang-format-14 || echo clang-format) -i

clean:
	@rm -rf build
