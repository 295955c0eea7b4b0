# All that a newcomer needs: `make run` opens the app, `make test` checks it. Both set up what they need.
# The first Python from 3.11 to 3.13 that is found; another with `make run PYTHON=/path/to/python`.
PYTHON ?= $(firstword $(foreach name,python3.12 python3.13 python3.11 python3,$(if $(shell $(name) -c $(SUITABLE) 2>/dev/null),$(name))))
SUITABLE := 'import ensurepip, sys; print("yes" if (3, 11) <= sys.version_info < (3, 14) else "")'
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PORT ?= 8501

.PHONY: run test lint types benchmark audit data clean
.DELETE_ON_ERROR:

run: $(VENV)/.run
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

# A file's tests stay in one process, so that they share what they prepare; what starts servers and browsers comes last.
test: lint types
	$(BIN)/pytest -n auto --dist loadfile -m "not slow and not browser"
	$(BIN)/pytest -n auto --dist loadfile -m "slow or browser"

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/vulture

types: $(VENV)/.test
	$(BIN)/mypy

# Against another version, in turns: make benchmark BEFORE=main
benchmark: $(VENV)/.test
	$(BIN)/python -m benchmarks $(if $(BEFORE),--before "$(BEFORE)")

# What the app runs on, with licences (docs/dependencies.md), and whether any of it has a known weakness. The second
# asks PyPI's list of weaknesses and fails where that cannot be reached; `make test` needs neither.
audit: $(VENV)/.test
	$(BIN)/python -m core.build.dependencies
	$(BIN)/pip-audit --strict --requirement requirements.txt

# The figures again from the publishers' files, and what is worked out from them: make data SOURCES=folder
data: $(VENV)/.run
	@test -d "$(SOURCES)" || { echo "Name the folder with the publishers' files: make data SOURCES=folder (it has a folder for each study in it)."; exit 2; }
	$(BIN)/python -m core.build all --sources "$(SOURCES)"
	$(BIN)/python -m core.build.backtest --out data
	$(BIN)/python -m core.build answers

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Install Python 3.11, 3.12 or 3.13 with its venv module, or name one: make PYTHON=/path/to/python"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.txt | $(VENV)/.made
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	$(PIP) -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/browser/failures
