# Every target sets up what it needs; nothing has to be installed by hand before.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: install install-dev demo test check format bench rows lock clean

install: .venv/.runtime
install-dev: .venv/.dev

.venv/.runtime: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

demo: install
	$(BIN)/holdline demo

test: install-dev
	$(BIN)/python -m pytest

check: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev
	$(BIN)/holdline bench

rows: install-dev
	$(BIN)/python -m tests.rows

lock:
	uv pip compile pyproject.toml --extra postgres --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --group dev --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv
