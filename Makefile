# Everything there is to run; `make` alone prints this list.
# Each target does its own set-up: Python >= 3.11 and make are all that a machine needs to have.

PYTHON ?= python3
PORT ?= 8080
DATA ?= .tapetum/demo
# Test processes side by side; servers given by URL are emptied by tests, so one process has them to itself.
JOBS ?= $(if $(TAPETUM_NEO4J_URL)$(TAPETUM_ELASTICSEARCH_URL)$(TAPETUM_REDIS_URL),0,2)
BIN := .venv/bin
STAMPS := .cache/made
# Node of the machine where it is recent, else the one from PyPI inside the environment.
NODE_PATH_FIRST := $(shell node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && echo || echo $(CURDIR)/$(BIN):)
export PATH := $(NODE_PATH_FIRST)$(PATH)
.DEFAULT_GOAL := help
.PHONY: help run web test check all unit e2e faults soak kql bench bench-engines engines engines-down engines-ready schema lock clean

help: ## Print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(STAMPS)/product $(STAMPS)/web ## Start the embedded product with its demo cluster on http://127.0.0.1:8080 (PORT=, DATA=)
	@$(BIN)/tapetum up --demo --data $(DATA) --port $(PORT)

web: $(STAMPS)/web ## Build the page into the package

test: engines-ready check all ## Everything CI runs: checks, unit and contract tests, faults in brief, the page in a real browser

all: $(STAMPS)/tools $(STAMPS)/web $(STAMPS)/browser engines-ready
	$(BIN)/pytest -n $(JOBS)

check: $(STAMPS)/tools $(STAMPS)/web ## Linters, types, import contracts, schema and page checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	cd web && npm run --silent check && npm test --silent && npm run --silent size

unit: $(STAMPS)/tools $(STAMPS)/web engines-ready ## Python tests without the browser, faults in brief
	$(BIN)/pytest -n $(JOBS) -m "not browser"

e2e: $(STAMPS)/tools $(STAMPS)/web $(STAMPS)/browser engines-ready ## The served product in Chromium
	$(BIN)/pytest -m browser

faults: $(STAMPS)/tools engines-ready ## Every fault many times at seeded random points (FAULT_RUNS=50, with engines FAULT_ENGINE_RUNS=20)
	FAULT_RUNS=$${FAULT_RUNS:-50} FAULT_ENGINE_RUNS=$${FAULT_ENGINE_RUNS:-20} $(BIN)/pytest -m fault

soak: $(STAMPS)/tools engines-ready ## The faults again and again with fresh seeds for an hour (MINUTES=60)
	@until=$$(( $$(date +%s) + 60 * $${MINUTES:-60} )); while [ $$(date +%s) -lt $$until ]; do \
	  FAULT_SEED=$$(date +%s) FAULT_RUNS=20 FAULT_ENGINE_RUNS=4 FAULT_OUTAGE=60 $(BIN)/pytest -q -m fault || exit 1; done

kql: $(STAMPS)/tools engines-ready ## Random queries over random records in every store, with fresh seeds (KQL_RUNS=20)
	KQL_SEED=$${KQL_SEED:-$$(date +%s)} KQL_RUNS=$${KQL_RUNS:-20} $(BIN)/pytest tests/contract/test_query_language.py -k agree

bench: $(STAMPS)/tools ## Figures of docs/benchmarks.md beside their floors, on this machine
	$(BIN)/python -m bench

bench-engines: $(STAMPS)/tools engines-ready ## The same for the distributed product over real engines
	$(BIN)/python -m bench engines

engines: $(STAMPS)/tools ## Keep Neo4j, Elasticsearch and Redis up, and print the settings that lead to them
	@$(BIN)/python -m tests.engines up

engines-down: $(STAMPS)/tools ## Stop them; their data stay
	@$(BIN)/python -m tests.engines down

schema: $(STAMPS)/product ## Print the GraphQL schema into schema.graphql
	$(BIN)/tapetum schema > schema.graphql

lock: .venv/bin/python ## Resolve the dependencies anew into requirements*.txt
	$(BIN)/python -m uv --version > /dev/null 2>&1 || $(BIN)/pip install --quiet uv
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group build pyproject.toml -o requirements.txt
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group build --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group node -o requirements-node.txt

clean: ## Remove what was built or installed here; data directories stay
	@[ ! -f .cache/engines/state.json ] || $(BIN)/python -m tests.engines down
	rm -rf .venv .cache web/node_modules tapetum/service/page

# Set-up, each step once.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tapetum needs Python 3.11 or newer; give one with PYTHON=.")'
	@$(PYTHON) -m venv .venv 2> /dev/null || { echo "Installing python3-venv, which this Python lacks."; \
	  apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv; }

$(STAMPS)/product: requirements.txt pyproject.toml | .venv/bin/python
	@mkdir -p $(STAMPS)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/tools: requirements-dev.txt $(STAMPS)/product
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/node: requirements-node.txt | .venv/bin/python
	@mkdir -p $(STAMPS)
	@if [ -n "$(NODE_PATH_FIRST)" ]; then echo "Installing Node, which this machine lacks."; \
	  $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt; fi
	@touch $@

$(STAMPS)/web-tools: web/package-lock.json $(STAMPS)/node
	cd web && npm ci --silent --no-audit --no-fund
	@touch $@

$(STAMPS)/web: $(STAMPS)/web-tools schema.graphql $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
	cd web && npm run --silent build
	@touch $@

# No stamp: which servers a run takes is asked each time, and what is there is not fetched again.
engines-ready: $(STAMPS)/tools
	@$(BIN)/python -m tests.engines install

$(STAMPS)/browser:
	@mkdir -p $(STAMPS)
	@command -v chromium-headless-shell > /dev/null || { echo "Installing Chromium's headless shell for the browser tests."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium-headless-shell; } \
	  || command -v chromium > /dev/null || { echo "The browser tests need Chromium on the PATH; install it and run again." >&2; exit 1; }
	@touch $@
