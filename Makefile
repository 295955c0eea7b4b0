# Everything a newcomer needs: `make run` opens the app, `make test` checks it. Both set up what they need.
PYTHON ?= $(firstword $(foreach v,3.12 3.13 3.11,$(if $(shell python$(v) -c '' 2>/dev/null && echo y),python$(v))) python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501

.PHONY: run test lint types check-fast benchmark data clean

run: $(VENV)/.run
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

test: $(VENV)/.test lint types
	$(BIN)/pytest -n auto --dist loadgroup

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

benchmark: $(VENV)/.test
	$(BIN)/python -m benchmarks

# Build data/ again from the publishers' files, those of each study in a folder of its own: make data SOURCES=folder
data: $(VENV)/.run
	$(BIN)/python -m core.build london --sources "$(SOURCES)/london" --out data/london

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.made requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
