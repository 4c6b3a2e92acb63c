# From a fresh clone: `make demo` and `make test` set up what they need. `make help` lists the rest.
#
#   PYTHON=...   the interpreter, by name or path (default: the first Python >= 3.11 that runs)
#   VENV=...     where the environment lives (default: .venv)

PYTHON ?=
VENV ?= .venv
BIN := $(VENV)/bin
RESULTS ?= results/demo
WORKERS ?= 2
WORLDS ?= plausible:40
TESTS ?= tests

# Rooms whose tests need no run of a study.
QUICK := inputs population processes measures instruments statistics analysis telling engine
QUICK := $(QUICK:%=tests/%) tests/test_architecture.py tests/test_randomness.py tests/test_curves.py

# The baseline first; a test holds this list against the packaged regimes.
REGIMES := municipal_baton rigid_rules clear_agreements clear_roles_no_rigid_rules \
	facilitative_dialogue workplace_partnership reverse_dialogue experimenting hands_off crisis_mode

.DEFAULT_GOAL := help
.PHONY: help setup demo figure experiments quick test attack check format bench dashboard results docs site lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

setup: ## make the environment in .venv, once
	@sh scripts/environment.sh "$(VENV)" "$(PYTHON)"

demo: setup ## compare all named regimes in forty plausible worlds and write the report
	$(BIN)/velfaerd compare $(REGIMES) --worlds $(WORLDS) --hours default --overwrite --out $(RESULTS)
	$(BIN)/velfaerd report $(RESULTS)
	@echo "Open it in a browser: $(abspath $(RESULTS))/report.html"

figure: demo ## draw the README's figure anew, from the results of the demo
	mkdir -p docs/figures
	cp $(RESULTS)/figures/forest.svg docs/figures/effects.svg

experiments: setup ## run all studies in experiments/ and write their answers anew
	$(BIN)/python experiments/run.py all --workers $(WORKERS)

test: setup ## run all tests; in a browser too, where one can be had
	@sh scripts/browser.sh
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --benchmark-disable $(TESTS)

quick: setup ## lint, and the tests that need no run of a study; about a minute
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python -m pytest --quiet --numprocesses $(WORKERS) --benchmark-disable -m "not slow" $(QUICK)

attack: setup ## try every promise many times (about half an hour); print tried and failed
	PYTHONPATH=tests $(BIN)/python -m attacks.run $(WRITE)

check: setup ## format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/test_architecture.py

format: setup ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## measure speed and memory; print a table and JSON
	$(BIN)/python benchmarks/run.py

dashboard: setup ## open the dashboard
	$(BIN)/velfaerd dashboard

results: setup ## make the results that docs/trace.md shows anew (about a quarter of an hour)
	$(BIN)/velfaerd validate --workers $(WORKERS) --overwrite --out results/validation
	$(BIN)/velfaerd robustness --workers $(WORKERS) --overwrite --out results/robustness
	$(BIN)/python docs/results.py results/validation results/robustness
	$(BIN)/python docs/tables.py

docs: setup ## write the generated tables of the documents anew
	$(BIN)/python docs/tables.py
	$(BIN)/python docs/uncertainty.py

site: setup ## build the documentation site in build/site; it works offline
	PYTHONPATH=docs $(BIN)/python -m building build/site

lock: ## pin the newest versions that fit together, for the range of PYTHON
	sh scripts/lock.sh "$(or $(PYTHON),python3)"

clean: ## remove the environment, caches and demo results
	rm -rf $(VENV) $(VENV).lock $(RESULTS) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find src tests benchmarks docs experiments -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
