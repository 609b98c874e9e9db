# make run    open Sightline; without a display: classify the sample pictures and save a picture of the window
# make test   check style and types, then run every test (ARGS="-k name" is handed to pytest)
# make quick  style, types and the tests that need neither TensorFlow nor a window: for every save (ARGS likewise)
# make lint   only style and types
# make bench  compare the speed with other programs: docs/performance.md (ARGS="--data FOLDER" takes real photos)
# make setup  only prepare .venv; run, test, lint and lock do it automatically
# make lock   update the locks from pyproject.toml (ARGS=--upgrade: newest versions)
# make dist       build the installers that this machine can build (ARGS=--fast: quicker, but larger)
# make dist-test  install them into fresh Debian systems, use them there and remove them again (as root)
# make dist-twice build once more after 'make dist' and compare every file
# make clean  remove everything that make made

SHELL := /bin/sh
BIN := .venv/bin
PICTURE := build/sightline.png
ARGS :=

# A shell that forbids byte code or points Python elsewhere would make every start slow or wrong.
unexport PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONHOME PYTHONPATH

.PHONY: help setup run test quick lint bench lock dist dist-test dist-twice clean

help:
	@sed -n 's/^# make/make/p' Makefile

setup:
	@packaging/setup.sh

run: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		exec $(BIN)/sightline $(ARGS); \
	fi; \
	mkdir -p $(dir $(PICTURE)) && \
	$(BIN)/sightline classify resources/samples/*.jpg && \
	QT_QPA_PLATFORM=offscreen:configfile=packaging/offscreen.json $(BIN)/sightline --screenshot $(PICTURE) && \
	echo "There is no display, so the window was drawn into $(CURDIR)/$(PICTURE)."

# Two workers where processors and memory allow, as tests/sharing.py says; ARGS="-n 0" makes it one process.
SHARED := -n auto --dist loadfile --no-loadscope-reorder

test:
	@packaging/setup.sh --tests
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest $(SHARED) $(ARGS)

quick: setup
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest $(SHARED) -m "not engine and not display and not window" $(ARGS)

lint: setup
	@$(MAKE) --no-print-directory check

# In a separate environment, so that tests and builds never see the other engines. SciPy is installed beside it: Keras
# imports it wherever it finds it, which would make each start slower than it is for users.
#
# PyTorch comes from its own index, where uv finds the build for processors, or from where pip is configured to look.
# PyPI's, with 3 GB of libraries for GPUs, has no such version.
BENCH := build/bench
INTO_BENCH = $(BIN)/uv pip install --quiet --python $(BENCH)/venv/bin/python --excludes packaging/not_needed.txt
TORCH := torch==2.13.0
bench: setup
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(BENCH)/venv
	@$(INTO_BENCH) --requirements requirements.lock
	@$(INTO_BENCH) --constraints requirements.lock --requirements pyproject.toml --extra bench && \
		$(BIN)/uv pip install --quiet --python $(BENCH)/venv/bin/python --no-deps \
		--target $(BENCH)/scipy "scipy>=1.14" || \
		echo "The other engines could not be installed: what needs them is not measured."
	@$(INTO_BENCH) --torch-backend cpu $(TORCH) 2>/dev/null || \
		$(BIN)/pip --python $(BENCH)/venv/bin/python install --quiet $(TORCH)+cpu 2>/dev/null || \
		echo "PyTorch's build for processors could not be installed: it is not measured."
	$(BENCH)/venv/bin/python -m benchmarks all $(ARGS)

.PHONY: check
check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --quiet $(ARGS) --excludes packaging/not_needed.txt pyproject.toml

lock: setup
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --extra science --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --extra dist --constraint requirements.lock --override packaging/frozen/overrides.txt \
		--output-file requirements-dist.lock

dist: setup
	@$(BIN)/python packaging/dist.py $(ARGS)

dist-test: setup
	@$(BIN)/python packaging/dist_test.py $(ARGS)

dist-twice: setup
	@$(BIN)/python packaging/dist_twice.py $(ARGS)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
