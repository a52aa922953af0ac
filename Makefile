# make grade   grade the sample class          make check   lint, types, import contracts
# make test    run all tests                   make bench   measure what is claimed about speed
# make attacks attack every isolation tier      make screenshots  take the pictures of docs/ again
# make long    tests that take minutes: a real container built and graded in, fifty kills
# make wheel   the one file that students install, into dist/
#
# Each makes its own environment in .venv and keeps it until pyproject.toml or constraints.txt change.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := grader reference tests scripts benchmarks

.PHONY: grade test attacks long check format bench screenshots wheel clean

grade: $(VENV)/.grade
	$(BIN)/grader grade submissions/ -o reports/

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist loadfile -m "not every_tier and not long"

attacks: $(VENV)/.dev
	$(BIN)/pytest tests/attacks -n 2

long: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist loadfile -m long

check: $(VENV)/.dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev
	$(BIN)/python -m scripts.take_screenshots

wheel: | $(VENV)/bin/python
	rm -rf build
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) reports dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.grade: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet -c constraints.txt -e '.[grading,notebooks]'
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.grade
