# Two commands on a fresh machine: `make demo` and `make test`. Both set up .venv by themselves.
# While you work: `make check`, and `make check ROOMS="ledger stats"` for the unit tests of these rooms.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo check test bench wheel-test consumers-test format clean

demo: $(READY)
	@$(BIN)/corpuscope demo

# the rooms that differ from the main branch, or from the last commit where that cannot be told
BASE := $(shell git merge-base HEAD origin/HEAD 2>/dev/null || git merge-base HEAD main 2>/dev/null || echo HEAD)
CHANGED = { git diff --name-only $(BASE); git ls-files --others --exclude-standard; } \
  | sed -En 's,^(src/corpuscope|tests/unit)/([a-z_]+)/.*,\2,p' | sort -u
ROOMS = $(shell $(CHANGED))

# format, lint, types, imports, and the quick unit tests of what changed
check: $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	@$(BIN)/lint-imports > .import_linter_cache/last.txt || { cat .import_linter_cache/last.txt; exit 1; }
	$(BIN)/pytest -q -n 2 -m "not slow" $(wildcard $(addprefix tests/unit/,$(ROOMS))) $(wildcard tests/unit/*.py)

test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2

# every benchmark in one table of ratios; under 15 minutes on two cores
bench: $(READY)
	$(BIN)/python -m benchmarks

# needs a package index and some minutes: the built wheel, on the lowest and the newest supported versions
wheel-test: $(READY)
	$(BIN)/python tests/packaging/try_wheel.py

# needs a package index and some minutes: exports and the labels folder, read by the tools they are for
consumers-test: $(READY)
	$(BIN)/python tests/packaging/try_consumers.py

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "corpuscope needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 demo" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "python -m venv failed; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@echo "setting up .venv (once, about a minute) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
