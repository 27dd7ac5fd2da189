# Everything a person types. Needs make, Python 3.11 or newer with pip, and nothing else of the machine.

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules
SHELL := /bin/sh

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif
IN_VENV := .venv/bin/python
SERVICES := $(IN_VENV) -m tracker.embedded exec
# Tests and benchmarks empty their database first: a folder of their own below the data, never the data.
VAR := $${TRACKER_VAR:-var}
# All tests run on all cores; a choice of them (T=...) runs in one process, which starts sooner.
T ?= --quiet --numprocesses=auto --maxprocesses=4
COMPILE := PYTHONPATH=.tools $(PYTHON) -m uv pip compile --quiet --system-certs --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --upgrade

.PHONY: help run test check bench faults lock schema contract messages

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null || \
		sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1: \2/p' Makefile

run: .venv/installed ## the whole tracker at http://127.0.0.1:8000 (PORT and TRACKER_VAR move it); Ctrl-C ends it
	@exec $(IN_VENV) -m tracker.embedded run

test: .venv/installed-dev ## all tests, on services of their own (T="tests/models -k headline" picks some)
	@TRACKER_VAR=$(VAR)/test exec $(SERVICES) --fresh -- $(IN_VENV) -m pytest $(T)

check: .venv/installed-dev ## what CI runs: format, lint, types, layers, migrations, schema, tests
	$(IN_VENV) -m ruff format --check
	$(IN_VENV) -m ruff check
	$(IN_VENV) -m mypy
	$(IN_VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	@TRACKER_VAR=$(VAR)/test exec $(SERVICES) --fresh -- sh -ec '\
		set -x; \
		$(IN_VENV) manage.py makemigrations --check --dry-run; \
		mkdir -p var; \
		$(IN_VENV) manage.py spectacular --validate --fail-on-warn --file var/openapi.yaml; \
		diff -u openapi.yaml var/openapi.yaml; \
		$(IN_VENV) -m pytest $(T)'

bench: .venv/installed-dev .venv-watchers/installed ## the benchmarks: each prints its ratio and writes var/bench/*.json
	@TRACKER_VAR=$(VAR)/benchmarks exec $(SERVICES) --fresh -- $(IN_VENV) -m tests.bench

faults: .venv/installed-dev ## thousands of checks while workers, broker and PostgreSQL are killed (some minutes; Linux)
	@exec $(IN_VENV) -m tests.faults

contract: .venv/installed-dev ## the API asked by other people's programs: schemathesis, a generated client, curl (some minutes)
	@TRACKER_VAR=$(VAR)/contract exec $(SERVICES) --fresh -- $(IN_VENV) -m pytest --quiet -m contract tests/contract

schema: .venv/installed-dev ## write openapi.yaml anew
	@$(IN_VENV) manage.py spectacular --validate --fail-on-warn --file openapi.yaml

messages: .venv/installed-dev ## collect the words to translate (needs GNU gettext), and compile the catalogues (does not)
	@if command -v xgettext >/dev/null; then $(IN_VENV) manage.py makemessages --all --no-wrap --no-obsolete \
		--add-location file --ignore '.*' --ignore var --ignore tests --ignore staticfiles; \
		else echo "GNU gettext is not installed: no new words are collected, what is there is compiled."; fi
	@$(IN_VENV) -m tests.catalogues

lock: .venv/installed-dev ## write the requirements*.txt anew from pyproject.toml, with today's versions and hashes
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) -c requirements.txt --group pyproject.toml:embedded -o requirements-embedded.txt
	$(COMPILE) -c requirements.txt -c requirements-embedded.txt --group pyproject.toml:dev -o requirements-dev.txt
	$(COMPILE) --group pyproject.toml:watchers -o requirements-watchers.txt
	$(COMPILE) --group pyproject.toml:installer -o requirements-uv.txt

.venv/installed: requirements.txt requirements-embedded.txt requirements-uv.txt tracker/install.sh
	@sh tracker/install.sh "$(PYTHON)" requirements.txt requirements-embedded.txt
	@touch $@

.venv-watchers/installed: requirements-watchers.txt requirements-uv.txt tracker/install.sh
	@VENV=.venv-watchers sh tracker/install.sh "$(PYTHON)" requirements-watchers.txt
	@touch $@

.venv/installed-dev: requirements.txt requirements-embedded.txt requirements-dev.txt requirements-uv.txt tracker/install.sh
	@sh tracker/install.sh "$(PYTHON)" requirements.txt requirements-embedded.txt requirements-dev.txt
	@touch .venv/installed $@
