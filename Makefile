# Jiedao: from the reports that offices publish to tables, charts, notebooks and pages.
# Needs make and Python 3.11 or newer; everything else is installed into .venv. Works with GNU make 3.81 (macOS) and later.

RAW ?= data/raw
OUT ?= data/processed
SITE ?= site
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# The sample city: how many offices, which years, which throw of the dice.
OFFICES ?= 36
SAMPLE_YEARS ?= 2019-2025
SEED ?= 1
# A part of the data for `make notebooks`, and a part of the tests for `make test`.
DISTRICT ?=
YEARS ?=
TESTS ?=
PYTEST_FLAGS ?=

# People's corrections and decisions stand beside OUT.
CORRECTIONS ?= $(wildcard $(dir $(OUT:/=))corrections.csv)

# Not every shell turns ~ into the home folder in `make run RAW=~/reports`.
override RAW := $(patsubst ~/%,$(HOME)/%,$(RAW))
override OUT := $(patsubst ~/%,$(HOME)/%,$(OUT:/=))
override SITE := $(patsubst ~/%,$(HOME)/%,$(SITE:/=))

PYTHON := .venv/bin/python
SAMPLE := data/sample

ifneq ($(words $(OUT)) $(words $(SITE)),1 1)
$(error OUT and SITE must each be one folder name without spaces)
endif

# Names that begin with a dot or an underscore are not read, nor is the note on what to drop in.
ORIGINALS := $(filter-out README.md _%,$(notdir $(wildcard data/raw/*)))
ifeq ($(RAW)/$(ORIGINALS),data/raw/)
INPUT := $(SAMPLE)
else
INPUT := $(RAW)
endif

# One stamp per step; those of the steps after extraction belong to one OUT.
KEY := $(subst /,-,$(OUT))
ENV := .stamps/env
CITY := .stamps/sample-$(OFFICES)-$(SAMPLE_YEARS)-$(SEED)
TABLES := $(OUT)/run.json
FLAGS := .stamps/flags-$(KEY)
FIGURES := .stamps/figures-$(KEY)
NOTEBOOKS := .stamps/notebooks-$(KEY)
PAGES := .stamps/site-$(KEY)-$(subst /,-,$(SITE))

sources = $(shell find $(1) -type f -not -name '*.pyc' -not -path '*/.*' 2>/dev/null)
COMPARE_SOURCES := $(call sources,src/compare)
NOTEBOOK_SOURCES := $(call sources,notebooks)
# A step whose product somebody has deleted is done again, whatever its stamp says.
unless_there = $(if $(wildcard $(1)),,FORCE)

.PHONY: help env run test lint notebooks lab sample collect site bench release clean where FORCE
.DEFAULT_GOAL := help

help:
	@echo "Jiedao: the annual disclosure reports of China's street offices, as data."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "Settings: RAW=$(RAW) OUT=$(OUT) SITE=$(SITE) JOBS=$(JOBS), for instance: make run RAW=~/reports"

env: $(ENV) ## set up .venv with the locked versions (other targets do this by themselves)
	@echo "The environment is ready: $(PYTHON)"

run: $(NOTEBOOKS) $(PAGES) ## read all reports; write tables, figures, notebooks and the site, and say where each is
	@$(MAKE) --no-print-directory -s where OUT="$(OUT)" SITE="$(SITE)"

test: $(ENV) ## run the tests (TESTS=tests/test_fonts.py for a part)
	@$(PYTHON) -m pytest -n $(JOBS) --dist worksteal $(PYTEST_FLAGS) $(TESTS)

lint: $(ENV) ## check style, format and types
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

notebooks: $(FLAGS) ## run the notebooks again (DISTRICT=name YEARS=2021-2023 for a part of the data)
	$(PYTHON) -m compare notebooks "$(OUT)" --jobs $(JOBS) $(if $(DISTRICT),--district "$(DISTRICT)") $(if $(YEARS),--years "$(YEARS)")
	@rm -f $(NOTEBOOKS)

lab: $(FLAGS) ## open the notebooks in JupyterLab
	$(PYTHON) -m jupyterlab notebooks

sample: $(CITY) ## make the fictional sample city in data/sample (OFFICES=36 SAMPLE_YEARS=2019-2025 SEED=1)

collect: ## fetch published reports into data/raw (not there yet)
	@echo "Collecting is not there yet. Put the reports you have into data/raw/ (see data/raw/README.md) and call make run." >&2
	@exit 1

site: $(PAGES) ## write the auditors' pages
	@echo "site        $(SITE)/index.html"

bench: $(ENV) ## measure accuracy and speed; results go to benchmarks/README.md
	$(PYTHON) benchmarks/run.py

release: lint test ## check everything, then pack the program and the published tables into dist/
	@test -z "$$(git status --porcelain)" || { echo "There are changes that are not committed: commit them first." >&2; exit 1; }
	@test -f "$(TABLES)" || { echo "$(OUT) holds no tables: call make run first." >&2; exit 1; }
	@rm -rf dist && mkdir -p dist
	@if command -v uv >/dev/null 2>&1; then uv build -q --out-dir dist; \
	 else $(PYTHON) -m pip wheel -q --no-deps --wheel-dir dist .; fi
	@cd "$(OUT)" && "$(CURDIR)/$(PYTHON)" -m zipfile -c "$(CURDIR)/dist/jiedao-data.zip" *
	@ls -l dist

clean: ## remove what make has made, but neither .venv nor data/raw
	rm -rf $(SAMPLE) site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find data/processed -mindepth 1 -maxdepth 1 -not -name README.md -exec rm -rf {} +
	find .stamps -type f -not -name env -delete 2>/dev/null || true

where:
	@echo
	@echo "tables      $(OUT)/  (what the columns mean: $(OUT)/README.md)"
	@echo "notebooks   $(OUT)/notebooks/"
	@echo "figures     $(OUT)/figures/"
	@echo "site        $(SITE)/index.html"

# --- the steps ---

FORCE:

$(ENV): pyproject.toml requirements.lock $(call unless_there,$(PYTHON))
	@new_enough='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if ! $(PYTHON) -c "$$new_enough" 2>/dev/null; then \
	    rm -rf .venv; found=; \
	    for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	        if $$python -c "$$new_enough" 2>/dev/null; then found=$$python; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "Jiedao needs Python 3.11 or newer, and none is on the PATH (python3 is: $$(python3 --version 2>&1))." >&2; exit 1; \
	    fi; \
	    if command -v uv >/dev/null 2>&1; then uv venv -q --python "$$(command -v $$found)" .venv; else $$found -m venv .venv; fi || exit 1; \
	fi
	@if command -v uv >/dev/null 2>&1; then \
	    echo "Setting up .venv with uv"; install="uv pip install -q --python $(PYTHON)"; \
	else \
	    echo "Setting up .venv with pip (a minute or two; with uv it takes seconds)"; \
	    $(PYTHON) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m ensurepip >/dev/null || exit 1; \
	    install="$(PYTHON) -m pip install -q --disable-pip-version-check"; \
	fi; \
	$$install -r requirements.lock && $$install --no-deps -e .
	@mkdir -p .stamps && touch $@

$(CITY): $(call sources,src/sample) $(call unless_there,$(SAMPLE)) | $(ENV)
	@rm -rf $(SAMPLE) .stamps/sample-*
	$(PYTHON) -m sample $(SAMPLE) --offices $(OFFICES) --years $(SAMPLE_YEARS) --seed $(SEED)
	@touch $@

# Extraction looks for itself what has changed, and leaves run.json alone where nothing has: so it is always called, and
# what follows is not done again for nothing.
$(TABLES): $(if $(filter $(SAMPLE),$(INPUT)),$(CITY)) FORCE | $(ENV)
	@if [ "$(INPUT)" != "$(RAW)" ]; then \
	    echo "data/raw/ holds no reports yet: reading the fictional sample city in $(SAMPLE)/ instead ($(OFFICES) offices, $(SAMPLE_YEARS))."; \
	fi
	$(PYTHON) -m extract build "$(INPUT)" --out "$(OUT)" --jobs $(JOBS) $(if $(CORRECTIONS),--corrections "$(CORRECTIONS)")

$(FLAGS): $(TABLES) $(COMPARE_SOURCES) $(wildcard $(dir $(OUT))reviews.csv) $(call unless_there,$(OUT)/flags.csv)
	$(PYTHON) -m compare flags "$(OUT)"
	@touch $@

$(FIGURES): $(FLAGS) $(call unless_there,$(OUT)/figures)
	$(PYTHON) -m compare figures "$(OUT)" --jobs $(JOBS)
	@touch $@

$(NOTEBOOKS): $(FIGURES) $(NOTEBOOK_SOURCES) $(call unless_there,$(OUT)/notebooks)
	$(PYTHON) -m compare notebooks "$(OUT)" --jobs $(JOBS)
	@touch $@

$(PAGES): $(FIGURES) $(call unless_there,$(SITE)/index.html)
	$(PYTHON) -m compare site "$(OUT)" --to "$(SITE)" --jobs $(JOBS)
	@touch $@
