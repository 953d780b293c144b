# `make run` and `make test` do all of their own set-up, on a bare Debian 12 too; a second time they are quick, since
# .stamps/ remembers what is done. What a step installs or builds, and when anew, stands at its stamp below.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory --no-builtin-rules
export PATH := $(CURDIR)/.venv/bin:$(PATH)

install := .venv/bin/pip install --disable-pip-version-check --require-hashes -r
# Each process has its own database, town and browser; there is one more than processors, since bad days wait a lot. Who
# is done takes over from the others.
side_by_side := --numprocesses=$(shell expr $$(nproc) + 1) --maxprocesses=4 --dist=worksteal
# Journeys wait even more, so twice as many. A file may have much to prepare: its stories stay together, the longest first.
by_file := --numprocesses=$(shell expr $$(nproc) \* 2) --maxprocesses=6 --dist=loadfile --no-loadscope-reorder
stage = @printf '\n== %s\n' "$(1)"

.PHONY: help run test check shots bench setup setup-test browser poppler nodes readme messages lock format clean
.PHONY: format-check lint types imports javascript sqlite postgresql journeys

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup  ## Start the city on http://127.0.0.1:8000 (HOST, PORT; TLS=1 for phones nearby); Ctrl-C ends it
	@DEMO=$${DEMO-1} exec python -m webapp.launcher

test: check postgresql journeys  ## Everything: check, then the suite on PostgreSQL and the journeys in a browser

check: format-check lint types imports javascript sqlite  ## The quick part of test: no PostgreSQL, no browser

shots: setup-test browser  ## Photograph every page as every role into shots/
	@python -m tests.shots

bench: setup-test  ## Measure every promise: each script of bench/, with a PostgreSQL at hand
	@for name in $(basename $(notdir $(wildcard bench/[!_]*.py))); do \
	  printf '\n== %s\n' "$$name"; setup/with-postgres python -m "bench.$$name"; \
	done

setup: .stamps/py .stamps/assets .stamps/translations  ## Install and build what `make run` needs

format: setup-test  ## Lay out the Python code and repair what can be repaired
	@ruff format .
	@ruff check --fix .

readme: setup-test  ## Write the generated tables of README.md anew
	@python -m webapp.readme

messages: setup-test  ## Gather the words that citizens read into the catalogue, for translating
	@pybabel -q extract -F babel.cfg -k lazy -k noop --no-location --sort-output --omit-header -o .stamps/messages.pot .
	@pybabel -q update -i .stamps/messages.pot -d webapp/translations -l id -N -w 120 --ignore-obsolete --ignore-pot-creation-date
	@pybabel -q compile -d webapp/translations

lock: setup-test  ## Choose new package versions within *.in and package.json
	@setup/lock

clean:  ## Remove all that was installed or built here (not instance/)
	rm -rf .venv .stamps node_modules static/dist static/vendor .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . -name '*.mo' -delete

# --- the stages of `make test`, in their order

format-check: setup-test
	$(call stage,Layout of the Python code)
	@ruff format --check .

lint: setup-test
	$(call stage,Lint)
	@ruff check .

types: setup-test
	$(call stage,Types)
	@mypy

imports: setup-test
	$(call stage,Who may import whom)
	@lint-imports --no-logo

javascript: setup-test
	$(call stage,JavaScript units)
	@node --test --test-reporter=spec tests/js/*.test.js

sqlite: setup-test poppler
	$(call stage,Suite on SQLite)
	@pytest $(side_by_side) --database=sqlite --ignore=tests/journeys

postgresql: setup-test poppler nodes
	$(call stage,Suite on PostgreSQL)
	@setup/with-postgres pytest $(side_by_side) --database=postgresql --ignore=tests/journeys -m "not alone"
	@setup/with-postgres pytest --database=postgresql --ignore=tests/journeys -m alone

journeys: setup-test browser nodes
	$(call stage,Journeys in the browser)
	@pytest $(by_file) tests/journeys

# --- set-up

setup-test: setup .stamps/py-dev

# Playwright's driver needs libatomic; certutil puts an authority into a browser's store. Whoever names a browser in
# CHROMIUM takes care of the rest.
browser:
	@setup/debian libnss3-tools
	@[ -n "$${CHROMIUM:-}" ] || setup/debian chromium chromium-headless-shell fonts-noto-core libatomic1

# The second, unrelated reader of what we sign.
poppler:
	@setup/debian poppler-utils

# What stands around two nodes: nginx in front of them, and Redis, which counts their tries.
nodes:
	@setup/debian nginx redis-server

# A stamp is made anew when what it vouches for was removed by hand.
unless = $(if $(wildcard $(1)),,FORCE)
.PHONY: FORCE

.venv/bin/pip:
	@setup/venv

.stamps/py: requirements.lock .venv/bin/pip
	@setup/step "Python packages of the application" $(install) $<
	@mkdir -p $(@D) && touch $@

.stamps/py-dev: requirements-dev.lock .stamps/py
	@setup/step "Python packages of the tests" $(install) $<
	@touch $@

.stamps/node: requirements-node.lock .stamps/py
	@setup/node
	@touch $@

.stamps/npm: package-lock.json .stamps/node $(call unless,node_modules/esbuild)
	@setup/step "npm packages" npm ci --ignore-scripts
	@touch $@

.stamps/assets: build.mjs setup/manifest.mjs .stamps/npm $(call unless,static/dist/manifest.json) \
                $(shell find static/src static/icons service_worker 2>/dev/null)
	@setup/step "Scripts, styles and icons" node build.mjs
	@touch $@

.stamps/translations: .stamps/py $(shell find webapp/translations -name '*.po' 2>/dev/null)
	@setup/step "Translations" pybabel compile --directory webapp/translations
	@touch $@
