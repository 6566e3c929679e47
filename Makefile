# Every target sets up what it needs; nothing has to be installed by hand before.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: install install-dev browser demo test quick check format bench broadcast-kills funnel-kills restore-drill faults soak mutants mutation-sample rows docs docs-serve lock clean

install: .venv/.runtime
install-dev: .venv/.dev

.venv/.runtime: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# The chat page is tested in a real browser; where none can be had that test is skipped and says so.
browser:
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || \
	command -v google-chrome >/dev/null 2>&1 || \
	{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1 && \
	  apt-get update -qq >/dev/null 2>&1 && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1; } || \
	echo "no Chromium could be installed: the browser test will be skipped"

demo: install
	$(BIN)/holdline demo

# More workers than cores, because many tests wait (see tests/conftest.py). Compiled files are kept: each worker imports all.
test: export PYTHONDONTWRITEBYTECODE =
test: install-dev browser
	$(BIN)/python -m pytest -n 4

# What a change of one room needs before `make test`: ROOM=desk, or a folder of it as in ROOM=bot/conversation.
ROOM_TESTS = $(wildcard tests/$(ROOM) tests/*/$(ROOM))
quick: export PYTHONDONTWRITEBYTECODE =
quick: check
	@test -n "$(ROOM)" -a -n "$(ROOM_TESTS)" || { echo "Name a room whose tests are in tests/, such as: make quick ROOM=desk"; exit 2; }
	$(BIN)/python -m pytest -n 3 -k "not postgres" tests/house $(ROOM_TESTS)

check: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install
	$(BIN)/holdline bench

# kill -9 at 200 moments of a broadcast to 2,000, on both engines; in `make test` it is four moments.
broadcast-kills: export HOLDLINE_KILLS = 200
broadcast-kills: export HOLDLINE_RECIPIENTS = 2000
broadcast-kills: install-dev
	$(BIN)/python -m pytest -q -s -n 2 tests/faults/broadcasts

# kill -9 at 100 moments of customers' ways through a funnel, and of the loop that tells webhooks; in `make test` a few.
funnel-kills: export HOLDLINE_KILLS = 100
funnel-kills: install-dev
	$(BIN)/python -m pytest -q -s -n 2 tests/faults/funnels tests/faults/webhooks

# 20 backups made under load and restored, and a restore killed at every line; in `make test` three backups and every ninth line.
restore-drill: export HOLDLINE_RESTORES = 20
restore-drill: install-dev
	$(BIN)/python -m pytest -q -s -n 2 tests/faults/restores

# Every fault campaign in its long form; in `make test` the short forms. `make faults CAMPAIGN=T1` runs one,
# HOLDLINE_SEED=n replays a seed. The last lines are a table of what was tried, lost, doubled and broken.
faults: install-dev browser
	$(BIN)/python -m tests.faults $(CAMPAIGN)

# Two hours at five messages a second on SQLite: memory, open files, tasks and the database's log must not grow.
soak: export HOLDLINE_SOAK_SECONDS = 7200
soak: export HOLDLINE_SOAK_PER_SECOND = 5
soak: install-dev
	$(BIN)/python -m pytest -q -s -n 0 tests/faults/soak -k sqlite

# Each patch of tests/mutants breaks one promise; its test must notice. `make mutants MUTANT=name` tries one.
mutants: install-dev
	$(BIN)/python -m tests.mutants $(MUTANT)

# Small changes by a tool to the functions of dialogs and desk/delivery, chosen with the seed of tests/mutants/sample/config.toml.
# `make mutation-sample SAMPLE="--size 0 --only sla/"` tries all of one folder.
mutation-sample: install-dev
	$(BIN)/python -m tests.mutants.sample $(SAMPLE)

rows: install-dev
	$(BIN)/python -m tests.rows

# The documentation as a site in build/docs; needs no network. `make docs-serve` shows it at http://127.0.0.1:8000.
docs docs-serve: export NO_MKDOCS_2_WARNING = 1
docs: install-dev
	$(BIN)/mkdocs build --quiet --site-dir build/docs
docs-serve: install-dev
	$(BIN)/mkdocs serve

lock:
	uv pip compile pyproject.toml --extra postgres --extra reports --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --extra reports --group dev --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv
