# Lectern: every task of the project. `make` alone lists them.
# Needs only Python 3.11 or newer (with venv) and make; all else goes into .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
PACKAGES := $(filter-out tests bench migrations,$(patsubst %/__init__.py,%,$(wildcard */__init__.py)))
PYTEST_WORKERS ?= 2

.PHONY: help .venv run venue test lint types contracts check format bench migrate backup restore messages clean

help:
	@echo "Lectern 讲台. Usage: make TARGET"
	@sed -n 's/^\([a-z.][a-z.-]*\):.*## \(.*\)$$/\1\t\2/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  %-12s %s\n", $$1, $$2}'

run: .venv/.runtime $(CATALOGUES)  ## start the server with the demo contest (PORT=, HOST=; Ctrl-C ends it)
	@exec $(BIN)/python -m commands.serve

venue: .venv/.runtime $(CATALOGUES)  ## start a real event: asks for the address, no demo (HOST= skips the question)
	@exec $(BIN)/python -m commands.venue

test: .venv/.dev $(CATALOGUES)  ## run every test, real browser, PostgreSQL and Redis included (ARGS= go to pytest)
	@$(BIN)/python tests/chromium.py || true
	@$(BIN)/python -m pytest -n $(PYTEST_WORKERS) $(ARGS)

lint: .venv/.dev  ## check style and likely mistakes (ruff)
	@$(BIN)/ruff check .

types: .venv/.dev  ## check the types (mypy, strict)
	@$(BIN)/mypy $(wildcard settings.py app.py wsgi.py) $(PACKAGES)

contracts: .venv/.dev  ## check who may import whom (import-linter)
	@$(BIN)/lint-imports

check: lint types contracts  ## lint, types and contracts

format: .venv/.dev  ## sort the imports and mend what ruff can mend safely
	@$(BIN)/ruff check --fix .

bench: .venv/.dev $(CATALOGUES)  ## measure speed and print the figures (docs/performance.md explains them)
	@$(BIN)/python -m bench

migrate: .venv/.runtime  ## bring the database to the newest shape
	@$(BIN)/flask migrate

backup: .venv/.runtime  ## make one file with the database, the uploads and the secret key
	@$(BIN)/flask backup

restore: .venv/.runtime  ## bring a backup back, with the server stopped (FILE=)
	@test -n "$(FILE)" || { echo "Name the backup: make restore FILE=instance/backups/lectern-….zip" >&2; exit 1; }
	@$(BIN)/flask restore "$(FILE)"

messages: .venv/.runtime  ## collect the texts of the pages into translations/ and compile them
	@$(BIN)/pybabel -q extract -F babel.cfg --project Lectern --version 1 --msgid-bugs-address "Lectern contributors" \
		-k lazy_gettext --add-location=file --sort-by-file --no-wrap -o translations/messages.pot .
	@$(BIN)/pybabel -q update -i translations/messages.pot -d translations --no-fuzzy-matching --no-wrap \
		--ignore-obsolete --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d translations

.venv: .venv/.dev  ## make the virtual environment with everything for development

clean:  ## remove what make and the tools made (instance/ stays)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(CATALOGUES)

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel -q compile -i $< -o $@

# The first interpreter that is new enough and can make a virtual environment.
.venv/bin/python:
	@seen=; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		seen=$$python; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Making .venv with $$python"; exec "$$python" -m venv .venv; \
	done; \
	if [ -n "$$seen" ]; then \
		echo "$$seen cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; \
	else \
		echo "No Python 3.11 or newer found. On Debian or Ubuntu: apt install python3 python3-venv; or make PYTHON=/path/to/python3" >&2; \
	fi; exit 1

# Stamps: pip runs again only when a list of requirements is newer than its last run.
.venv/.runtime: requirements.txt requirements-fonts.txt | .venv/bin/python
	@echo "Installing requirements.txt (a minute on the first run)"
	@$(PIP) install -r requirements.txt
	@$(PIP) install --no-deps -r requirements-fonts.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "Installing requirements-dev.txt"
	@$(PIP) install -r requirements-dev.txt
	@touch $@
