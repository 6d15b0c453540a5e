# Linnet. `make` alone lists what there is to do.
PYTHON ?= python3
BIN := .venv/bin
# Tests make and remove thousands of small folders, at which disks are slow: in memory, where there is plenty of it.
FOLDERS := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 6000000 { print "TMPDIR=/dev/shm" }')
# What is shown on PostgreSQL, too: what keeps and finds rows, and of the rest what depends on how an engine does that.
ON_POSTGRES := tests/live/test_kill.py tests/live/test_earlier.py tests/live/test_fedify.py \
  tests/web/api/test_quotes.py tests/web/pages/test_quotes.py tests/web/pages/test_admin_server.py \
  tests/web/pages/test_elsewhere.py tests/web/pages/test_settings_moving.py tests/web/pages/test_kept_from_visitors.py \
  tests/privacy/test_same_work.py tests/privacy/test_by_id.py tests/privacy/test_lost_access.py tests/privacy/test_streams.py \
  'tests/privacy/test_nothing_is_said.py::test_outsiders_cannot_tell_whether_anything_is_hidden[stranger with an app]' \
  tests/node tests/federation

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check fix bench bench-growth soak fuzz messages gallery screenshots lighthouse lock

help:
	@echo "make run     a node on http://localhost:8420, ready to use"
	@echo "make demo    two nodes that follow each other, with sample people"
	@echo "make test    every test, with what they need"
	@echo "make check   format, lint, types, layers"
	@echo "make fix     format, and mend what the linter can mend"
	@echo "make bench   measure CPU per operation; prints a table, writes build/bench.json"
	@echo "make bench-growth   whether reading gets slower from 10 000 to 1 000 000 posts"
	@echo "make soak    the faults that take long (docs/reliability.md); prints a table, writes build/soak.json"
	@echo "make fuzz    search each reader of what strangers send, FUZZ_SECONDS=60 each, for what breaks it"
	@echo "make gallery   every template in every state, with sample people, on http://localhost:8422"
	@echo "make screenshots   take the pictures of the README anew, of the demo"
	@echo "make lighthouse    judge pages of the demo as Lighthouse does for phones, and how soon they answer a press"
	@echo "make messages   put new sentences into the catalogs of node/locales, and say what is to be translated"
	@echo "make setup   build the environment in .venv (the others do it when needed)"
	@echo "make lock    choose newest versions within pyproject.toml and write the lock files"

setup: .venv/ready

run: .venv/ready
	@$(BIN)/linnet serve

demo: .venv/ready
	@$(BIN)/linnet demo

test: .venv/ready-dev
	@sh tests/browser/find_chromium.sh
	@sh tests/deploy/find_tools.sh
	@sh tests/interop/find_fedify.sh
	@# Three for two cores, because many wait for another process. Each begins with a part of its own, so that what a module has
	@# in common is made once; at the end they take from each other.
	@# Each of these starts Python many times, and what it compiles of tests takes long: that is done once.
	env -u PYTHONDONTWRITEBYTECODE $(FOLDERS) $(BIN)/pytest -q -n 3 --dist worksteal $(ON_POSTGRES) --database postgres
	env -u PYTHONDONTWRITEBYTECODE $(FOLDERS) $(BIN)/pytest -q -n 3 --dist worksteal

check: .venv/ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: .venv/ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready-dev
	$(BIN)/python -m tests.bench

bench-growth: .venv/ready-dev
	$(BIN)/python -m tests.bench.growth

soak: .venv/ready-dev
	$(BIN)/python -m tests.soak

fuzz: .venv/ready-fuzz
	$(BIN)/python -m tests.fuzz

messages: .venv/ready-dev
	$(BIN)/python -m tests.messages

lock:
	@$(PYTHON) -m venv build/lock && build/lock/bin/pip install -q pip-tools
	build/lock/bin/pip-compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-options --no-header --allow-unsafe --strip-extras -o requirements.lock pyproject.toml
	build/lock/bin/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-options --no-header --allow-unsafe --strip-extras --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

gallery: .venv/ready-dev
	$(BIN)/python -m tests.browser.gallery

screenshots: .venv/ready-dev
	@sh tests/browser/find_chromium.sh
	$(BIN)/python -m tests.browser.screenshots

lighthouse: .venv/ready-dev
	@sh tests/browser/find_chromium.sh
	$(BIN)/python -m tests.browser.lighthouse

.venv/ready: requirements.lock pyproject.toml
	@echo "Building the environment in .venv …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Linnet needs Python 3.11 or newer; make PYTHON=python3.12 takes another one."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python cannot make environments here. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/ready-fuzz: .venv/ready-dev requirements-fuzz.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	@touch $@
