# All that a newcomer or a contributor runs. `make` alone lists it.
PYTHON ?= python3
PYTHON_LOWEST ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
PYTEST_ARGS ?=
AXE := build/axe/node_modules/axe-core/axe.min.js

DEMO_OUT ?= out/demo
DEMO_START ?= 2027-01-11

.DEFAULT_GOAL := help
.PHONY: help demo test lint format types contracts notebooks bench oracles accessibility lowest clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# The stamps keep a second run from installing again; pyproject.toml brings them out of date.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("matchkit needs Python 3.11 or later; say which one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "installing matchkit into $(VENV), once ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(BIN)/python
	@echo "installing matchkit and its development tools into $(VENV), once ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/installed $@

$(LOWEST)/installed: pyproject.toml scripts/lowest.py
	$(PYTHON_LOWEST) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python scripts/lowest.py pyproject.toml > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint $(LOWEST)/constraints.txt --editable '.[test]'
	@touch $@

demo: $(VENV)/installed ## match the example cohort and write a report
	$(BIN)/matchkit match examples/data/mentors.csv examples/data/mentees.csv \
		--start $(DEMO_START) --out $(DEMO_OUT)

test: $(VENV)/installed-dev ## run the tests and every documented example
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/installed-dev ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/installed-dev ## mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/installed-dev ## check types
	$(BIN)/mypy

contracts: $(VENV)/installed-dev ## check which room imports which
	$(BIN)/lint-imports --no-logo

notebooks: $(VENV)/installed-dev ## run the example notebooks and store their output
	$(BIN)/python scripts/notebooks.py examples

bench: $(VENV)/installed-dev ## measure the import, the reading, the whole job, plans and the page
	$(BIN)/python benchmarks/import_time.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/end_to_end.py
	$(BIN)/python benchmarks/schedule.py
	$(BIN)/python benchmarks/objectives.py
	$(BIN)/python benchmarks/report.py

oracles: $(VENV)/installed-dev ## check the engine against other ways to the answer, at length
	$(BIN)/python benchmarks/oracles.py brute
	$(BIN)/python benchmarks/oracles.py milp
	$(BIN)/python benchmarks/oracles.py ties
	$(BIN)/python benchmarks/oracles.py fair
	$(BIN)/python benchmarks/oracles.py stable

$(AXE):
	npm install --no-save --silent --prefix build/axe axe-core@4

accessibility: $(VENV)/installed $(AXE) ## look at the report with axe-core; needs npm and Chromium
	$(BIN)/python scripts/accessibility.py --axe $(AXE)

lowest: $(LOWEST)/installed ## run the tests on the lowest supported dependencies
	$(LOWEST)/bin/python -m pytest -m "not slow and not latest" $(PYTEST_ARGS) tests

clean: ## remove what the targets above have made
	rm -rf $(VENV) $(LOWEST) build dist out .coverage .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
