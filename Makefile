# make demo   set everything up and run the main job on the bundled story, offline
# make run    set everything up and watch the pages of watchlist.yaml
# make test   set everything up and pass the tests
# make check  what CI runs before the tests: format, lint, types, import rules, quality floors
# make bench  measure

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
SHARED ?= ../shared
CORPUS := $(or $(TMPDIR),/tmp)/optout-corpus

.PHONY: demo run test check quality bench clean lock

demo: $(STAMP)
	$(BIN)/optout-monitor demo

run: $(STAMP)
	$(BIN)/optout-monitor run

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy bench
	$(BIN)/mypy --explicit-package-bases tools
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory quality

quality: $(STAMP)
	@if [ -d "$(SHARED)/corpus" ]; then \
		"$(SHARED)/tools/unpack" "$(CORPUS)" >/dev/null && \
		$(BIN)/python bench/quality.py "$(CORPUS)"/*/ --floors bench/floors.toml; \
	elif [ "$$REQUIRE_SHARED" = 1 ]; then \
		echo "quality: no recordings in $(SHARED)/corpus (REQUIRE_SHARED=1)"; exit 1; \
	else \
		echo "quality: skipped, no recordings in $(SHARED)/corpus (name their folder: make SHARED=...)"; \
	fi

bench: $(STAMP)
	$(BIN)/python bench/speed.py
	$(BIN)/python bench/peers.py --jobs 100
	$(BIN)/python bench/memory.py --minutes 2
	$(BIN)/python bench/scale.py --pages 300 1200
	$(BIN)/python bench/damage.py
	$(BIN)/python bench/crash.py

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Pins every dependency with its hashes; no line names where packages come from.
lock: $(STAMP)
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra browser --extra workers --extra s3 --universal \
		--python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --upgrade -o constraints.txt

clean:
	rm -rf $(VENV) demo public outbox state
