# Turnwise: `make run` and `make test` are all that a newcomer needs.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.DEFAULT_GOAL := help
.PHONY: help setup setup-torch setup-dev run test check bench bench-peers soak load audit clean

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

$(READY): pyproject.toml constraints.txt setup.sh
	@PYTHON=$(PYTHON) VENV=$(VENV) ./setup.sh run
	@touch $@

$(READY_DEV): $(READY)
	@PYTHON=$(PYTHON) VENV=$(VENV) ./setup.sh dev
	@touch $@

setup: $(READY)  ## Install Turnwise and what it needs into .venv
setup-torch: setup  ## The same, and PyTorch: for embedding models that OpenVINO can't run
	@PYTHON=$(PYTHON) VENV=$(VENV) ./setup.sh torch
setup-dev: $(READY_DEV)  ## The same, and what tests and checks need

run: setup  ## Index corpus/ and serve the ask page on http://127.0.0.1:8000
	@$(BIN)/turnwise add corpus
	@# Ctrl+C is how one stops it, and no error; the shell must outlive it to say so.
	@trap : INT; $(BIN)/turnwise serve --host $(HOST) --port $(PORT) || [ $$? -eq 130 ]

test: setup-dev  ## Run the whole test suite
	@# Three on two cores: a good part of the tests wait for a server, a browser or a process. In the order of their files,
	@# the last of which are quick, so that none is left alone with a slow one. Some hundred of them start a process, which
	@# would compile all of Turnwise anew where Python is told to keep nothing compiled.
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

check: setup-dev  ## Lint, type-check and check the layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@./check_scripts.sh
	@$(BIN)/bandit -q -r -c pyproject.toml api eval index rag

bench: setup-dev  ## Measure answers, retrieval, the lexical engines side by side and where the time goes
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[bench]'
	@$(BIN)/python -m benchmarks.sentence_weights
	@$(BIN)/python -m benchmarks.abstention
	@$(BIN)/python -m benchmarks.lexical
	@$(BIN)/python -m benchmarks.speed --json speed.json
	@$(BIN)/python -m pytest benchmarks/stages.py --quiet --benchmark-json stages.json

bench-peers: setup-dev  ## The same questions through four well-known toolkits, in environments of their own
	@$(BIN)/python -m benchmarks.peers

soak: setup-dev  ## Long runs: fuzzed files, killed writers
	@$(BIN)/python -m pytest -m soak --timeout 3600

load: setup-dev  ## 200 people ask for three minutes, then again with a worker killed; every quote is compared
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[load]'
	@$(BIN)/python -m benchmarks.load

audit: setup-dev  ## Look for known vulnerabilities in what is installed
	@$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[audit]'
	@$(BIN)/pip-audit --strict --skip-editable --local

clean:  ## Remove the environment and the index of this checkout
	rm -rf $(VENV) .turnwise
