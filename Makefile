# Two commands do everything on a fresh machine: `make demo` and `make test`. Both make their own environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_OPTIONS ?=

.PHONY: demo test lint bench measure-venues clean

$(VENV)/installed: pyproject.toml bridge/_version.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

demo: $(VENV)/installed
	$(BIN)/bibbridge bib examples/cs-dc.atom -o refs.bib
	@echo
	@cat refs.bib

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -n auto $(PYTEST_OPTIONS)

bench: $(VENV)/installed-test
	$(BIN)/python -m benchmarks.bench_feed

measure-venues: $(VENV)/installed-test
	$(BIN)/python -m benchmarks.measure_venues

clean:
	rm -rf $(VENV) refs.bib bibbridge.lock build dist *.egg-info
