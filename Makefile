# Everything is done with what lies in .venv, which the first target makes. Paths are relative: any checkout path will do.
# Another Python: make PYTHON=/path/to/python3.12 demo     More test processes: make WORKERS=8 test

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
WORKERS ?= 3
OUT ?= out
SEEDS ?= 1000
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
INSTALL := $(PIP) install --root-user-action=ignore
PYTHONS := $(PYTHON) python3.11 python3.12 python3.13 python3 python3.14

.PHONY: help demo test lint types imports docs docs-check site seeds mutants engine-test bench audit wheel clean

help: ## show this list
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | while IFS='	' read -r name does; do printf '  %-11s %s\n' "$$name" "$$does"; done

demo: .venv/runtime ## the whole story on a local Zoom, offline: announcement, meetings, evenings, reports (into out/)
	@$(BIN)/zoom-sync demo --output "$(OUT)"

# A file's tests stay in one process: what a file sets up for all of them is set up once. (pytest-xdist 3.8 no longer
# sees its own xdist_group under pytest 9.2.)
test: .venv/dev ## all tests, with real PostgreSQL and Redis; the last lines tell what was left out
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -rs

lint: .venv/dev ## ruff: rules and format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: .venv/dev ## mypy, strict
	@$(BIN)/mypy

imports: .venv/dev ## who may import whom
	@$(BIN)/lint-imports

docs: .venv/dev ## write docs/reference and the sample of the settings from the code
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/hostile.py

docs-check: .venv/dev ## fail where they are not what the code says
	@$(BIN)/python docs/generate.py --check
	@$(BIN)/python docs/hostile.py --check

site: .venv/dev ## the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --site-dir site

seeds: .venv/dev ## play SEEDS=1000 stories of faults, crashes and meddling, and hold them to the promises
	@$(BIN)/python tests/simulation/seeds.py --count $(SEEDS) --processes $(WORKERS)
	@$(BIN)/python tests/simulation/seeds.py --apart --count $$(($(SEEDS) / 4)) --processes $(WORKERS)

mutants: .venv/dev ## kill bugs written by hand: the tests beside each must notice it
	@$(BIN)/python tests/mutants/run.py --processes $(WORKERS)

engine-test: .venv/dev ## the compose file on a container engine: builds the image; needs docker, its compose, and minutes
	@ENGINE=1 $(BIN)/python -m pytest tests/engine

bench: .venv/dev ## timings as tables, side by side with other clients
	@$(BIN)/python bench/run.py

audit: .venv/audit ## which locked package has a known flaw: asks PyPI, and fails where it cannot tell
	@.venv/auditing/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
	  --requirement requirements/runtime.txt

wheel: .venv/runtime ## build dist/zoom_sync-*.whl
	@rm -rf dist build
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

clean: ## remove what the other targets made; never var/, which may hold a store
	@rm -rf .venv out site dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment; each file says that a step is done and need not be done again --------------------------

.venv/made:
	@! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { touch $@; exit 0; }; \
	for python in $(PYTHONS); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  echo "making .venv with $$("$$python" --version)" >&2; \
	  rm -rf .venv; \
	  "$$python" -m venv .venv && touch $@ && exit 0; \
	  echo "$$python cannot make virtual environments here (Debian and Ubuntu: apt install python3-venv)" >&2; \
	done; \
	rm -rf .venv; \
	echo "zoom_sync needs Python 3.11 or newer, and none of these is: $(strip $(PYTHONS)). Install one, or name it: make PYTHON=/path/to/python demo" >&2; \
	exit 1

.venv/runtime: .venv/made requirements/runtime.txt pyproject.toml
	@echo "installing requirements/runtime.txt" >&2
	@$(INSTALL) --require-hashes --requirement requirements/runtime.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@echo "installing requirements/dev.txt" >&2
	@$(INSTALL) --require-hashes --requirement requirements/dev.txt
	@touch $@

.venv/audit: .venv/made requirements/audit.txt
	@echo "installing requirements/audit.txt" >&2
	@$(BIN)/python -m venv .venv/auditing
	@.venv/auditing/bin/python -m pip --quiet --disable-pip-version-check --no-input install --root-user-action=ignore \
	  --require-hashes --requirement requirements/audit.txt
	@touch $@
