# Relance: one target per verb. `make` alone lists them.
# Works with GNU make 3.81 and the BSD tools, so on macOS as it comes.

.DEFAULT_GOAL := help
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
PIP := $(RUN) -m pip --disable-pip-version-check -qq
SOURCES := bot config credit storage tests
PYTHONS := python3.13 python3.12 python3.11 python3 python python3.14
RECENT := 'import sys; sys.exit(sys.version_info < (3, 11))'
# Set PYTHON to choose the interpreter, TESTS to choose what `make test` runs, UV for `make lock`.
TESTS ?=
UV ?= uv

.PHONY: help setup demo test slow lint style types contracts scripts translations
.PHONY: bench chaos shots wheel wheel-check lock clean

help: ## Show this list
	@echo "Relance: make <target>, where <target> is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  \1|\2/p' Makefile | awk -F '|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: $(VENV)/.relance ## Create .venv with the relance command (needs only Python 3.11 or newer)

demo: $(VENV)/.relance ## Try the whole product with invented data and no Telegram token
	@$(BIN)/relance demo

test: $(VENV)/.dev ## Run the tests but the browser's and the slow ones, with coverage (TESTS=tests/credit: a part)
	@mkdir -p .coverage-data
	$(RUN) -m pytest -n auto --dist worksteal -m "not browser and not slow" --cov --cov-report=term $(if $(TESTS),--cov-fail-under=0) $(TESTS)

slow: $(VENV)/.dev ## Run the tests that take minutes: the bot killed after every gesture of a week
	$(RUN) -m pytest -m "slow and not browser" $(TESTS)

lint: style types contracts scripts translations ## Check everything that can be checked without running

style: $(VENV)/.dev ## Check style and format only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check the types only
	$(BIN)/mypy

contracts: $(VENV)/.dev ## Check only who imports whom
	$(BIN)/lint-imports

scripts: $(VENV)/.dev ## Check only that the scripted calls are sound
	$(BIN)/relance scripts check

translations: $(VENV)/.dev ## Print the sentences without French, ready to paste in a catalogue
	$(RUN) -m tests.house.translations

bench: $(VENV)/.dev ## Measure the product against the figures it promises
	$(RUN) -m tests.bench

chaos: $(VENV)/.dev ## Kill the bots and spoil the Bot API for minutes, and count what was lost
	$(RUN) -m tests.chaos

shots: $(VENV)/.dev ## Take the screenshots of the README in headless Chromium
	$(RUN) -m tests.shots

wheel: $(VENV)/.relance ## Build the wheel into dist/
	@rm -rf dist
	$(RUN) -m hatchling build --target wheel

wheel-check: wheel ## Install the wheel in an empty environment elsewhere and use it
	$(RUN) -m tests.house.wheel_elsewhere dist requirements.lock

lock: ## Choose the newest allowed dependencies and lock them by hash (needs uv)
	$(UV) pip compile pyproject.toml --group build --universal --no-strip-extras --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements.lock
	$(UV) pip compile pyproject.toml --group dev --universal --no-strip-extras --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade --quiet -c requirements.lock \
	  -o requirements-dev.lock

clean: ## Remove what make made (.venv, dist, caches); data is never touched
	rm -rf $(VENV) dist build .coverage-data .hypothesis
	rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written when its step has ended well, so an interrupted one is done again.

$(VENV)/.python:
	@if ! $(RUN) -c $(RECENT) 2>/dev/null || ! $(PIP) --version >/dev/null 2>&1; then \
	  found=; \
	  for candidate in $(or $(PYTHON),$(PYTHONS)); do \
	    if "$$candidate" -c $(RECENT) 2>/dev/null; then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "Relance needs Python 3.11 or newer; tried: $(or $(PYTHON),$(PYTHONS))." >&2; \
	    echo "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	  fi; \
	  if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$found has no venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	  echo "Creating $(VENV) with $$found"; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@touch $@

$(VENV)/.relance: requirements.lock pyproject.toml $(VENV)/.python
	@echo "Installing the locked dependencies"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.relance
	@echo "Installing the locked tools for development"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
