# kubebook: every line here calls a command that also works by itself.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
SUDO := $(if $(filter 0,$(shell id -u)),,sudo -E)
export NO_MKDOCS_2_WARNING := 1

.PHONY: help serve live test mutants bench lint site offline follow zensical diagrams picture \
  lock clean

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

serve: .venv/installed  ## the book on http://127.0.0.1:8000/, live when a cluster of ours is up
	@$(BIN)/python hooks/serve.py --port $(PORT)

live: .venv/installed  ## from nothing to the live book; asks before it installs an engine
	@$(BIN)/kubebook engine status || $(SUDO) $(CURDIR)/$(BIN)/kubebook engine install
	@$(BIN)/kubebook cluster up
	@$(BIN)/python hooks/serve.py --port $(PORT)

test: .venv/installed  ## everything that this machine can run, and what it cannot
	@$(BIN)/python tests/everything.py

mutants: .venv/installed  ## put in each fault that a test names and see the test fail
	@$(BIN)/python tests/mutants.py $(MUTANTS)

bench: .venv/installed bench/.venv/installed  ## figures against targets and peers, kept in bench/results.json
	@$(BIN)/python -m bench.run $(BENCH)

lint: .venv/installed  ## style, types, figures typed into pages, two languages alike
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/python -m kubebook.prose docs
	@$(BIN)/pytest -q tests/test_parity.py

site: .venv/installed  ## the site as files in site/
	@$(BIN)/mkdocs build --strict

follow: .venv/installed  ## stamp the pages that follow the Korean ones again; PAGES=… for some
	@$(BIN)/python -m kubebook.parity stamp docs $(PAGES)

offline: .venv/installed  ## the site as one file to read from disk, kubebook-offline.zip
	@$(BIN)/python hooks/offline.py

zensical: .venv/installed  ## what this site would lack today if Zensical built it
	@$(BIN)/pip install --quiet --disable-pip-version-check --upgrade --target .cache/zensical zensical
	@$(BIN)/python tests/successor.py

diagrams: .venv/installed  ## the drawings of changed .dot files; needs graphviz
	@$(BIN)/python -m kubebook.diagrams docs

picture: .venv/installed  ## the READMEs' pictures of pages
	@$(BIN)/python tests/browser/picture.py

lock: .venv/installed  ## requirements.txt from requirements.in, the bench's too
	@for folder in . bench; do $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe \
	  --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --output-file $$folder/requirements.txt $$folder/requirements.in; done

clean:  ## remove what was built here; clusters with `kubebook cluster down`
	@rm -rf .venv bench/.venv bench/node_modules site .cache .pytest_cache .mypy_cache .ruff_cache

.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kubebook needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python lacks venv: $(SUDO) apt-get install -y python3-venv"; exit 1; }
	@echo "setting up .venv (once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . \
	  > .venv/install.log 2>&1 || { cat .venv/install.log; exit 1; }
	@touch $@

bench/.venv/installed: bench/requirements.txt bench/package-lock.json
	@echo "setting up the bench's peers in bench/.venv and bench/node_modules (once)"
	@$(PYTHON) -m venv bench/.venv
	@bench/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes \
	  -r bench/requirements.txt
	@if command -v npm > /dev/null; then npm ci --silent --prefix bench; \
	  else echo "no npm: the bench goes without mystmd"; fi
	@touch $@
