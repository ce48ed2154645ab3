# Everything runs in .venv, which `make setup` makes; ARGS adds options to a command: make all ARGS="--section '21*'".
VENV       := .venv
MANUALQA   := $(VENV)/bin/manualqa
PYTEST     := $(VENV)/bin/python -m pytest
EMBEDDINGS ?= 1
PORT       ?= 8501
ARGS       ?=
NEEDS      := pyproject.toml .ci/constraints.txt .ci/setup
# What was set up without embeddings is set up again when they are wanted.
WITHOUT    := $(if $(filter 0,$(EMBEDDINGS)),-without-embeddings)
APP_READY  := $(VENV)/.ready-app$(WITHOUT)
TEST_READY := $(VENV)/.ready-tests$(WITHOUT)
export PYTHON EMBEDDINGS

help: ## List these targets
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

setup: $(APP_READY) ## Make .venv with everything needed (PYTHON=..., EMBEDDINGS=0 without PyTorch)
	@echo "Ready: $(MANUALQA) --help lists the commands, make review opens the app."

review: $(APP_READY) ## Read the scans in data_src and open the review app (PORT=8501)
	@$(MANUALQA) run $(ARGS) || [ $$? -eq 3 ]
	@$(MANUALQA) review --port $(PORT)

test: $(TEST_READY) ## Check the code and run every test, those in the browser too
	@$(VENV)/bin/python tests/browser.py >/dev/null
	@$(MAKE) --no-print-directory lint
	@$(PYTEST) $(ARGS)

check: $(TEST_READY) lint ## Check the code and run the fast tests only (about a minute)
	@$(PYTEST) -m "not slow and not browser and not faults" $(ARGS)

lint: $(TEST_READY) ## Check style and types
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --quiet --check .
	@$(VENV)/bin/mypy

all: ## Run every stage; then export and validate what is approved
inventory: ## Stage 1: list the source files and say what each one is
prepare: ## Stage 2: render PDF pages, check images, read the words of each page
classify: ## Stage 3: tell the kind of each page and read the index pages
generate-qa: ## Stage 4: propose question-answer pairs
quality-control: ## Stage 5: check answers against the page, filter, link duplicates, order the queue
emit: ## Stage 6: export the approved pairs as a release
validate: ## Check the newest release
upload: ## Publish the newest release to the configured Hub repository
status: ## Show how far the work is
quick: ## Run again from classify on
regen-qa: ## Propose pairs again; approved and edited ones stay
refilter: ## Run again from quality-control on
finalize: ## Export and validate
clean: ## Remove caches only
clean-all: ## Remove caches, releases and the database (after a backup; ARGS=--yes confirms)
all inventory prepare classify generate-qa quality-control emit validate upload status quick regen-qa refilter \
finalize clean clean-all: $(APP_READY)
	@$(MANUALQA) $@ $(ARGS)

accept: $(TEST_READY) ## Measure quality on a corpus of real scans (MANUALQA_CORPUS=..., SHEET=1 for a sheet to judge, MISSED=1 to see what was missed)
	@$(VENV)/bin/python -m tests.accept $(if $(SHEET),--sheet) $(if $(MISSED),--missed)

bench: $(TEST_READY) ## Measure speed on 20,000 pairs: key press to paint, eight reviewers, first page (ARGS=NAME)
	@$(VENV)/bin/python -m tests.bench $(ARGS)

faults: $(TEST_READY) ## Kill and break things on purpose, and look what was lost
	@$(PYTEST) -m faults $(ARGS)

train-check: $(APP_READY) .venv-train/.ready ## Train a tiny model with TRL on an export (RELEASE=... for yours; 1.5 GB the first time)
	@release=$(or $(RELEASE),$$($(VENV)/bin/python -m tests.train_check.make_export .cache/train-check)) && \
		export HF_HOME=$(CURDIR)/.cache/train-check/hf && \
		PYTHONPATH=$(CURDIR)/.venv-train/loaders .venv-train/bin/python -W ignore tests/train_check/load.py "$$release" && \
		.venv-train/bin/python -W ignore tests/train_check/train.py "$$release"

.venv-train/.ready: tests/train_check/requirements.txt tests/train_check/loaders.txt .ci/constraints.txt .ci/setup
	@bash .ci/setup train
	@touch $@

$(APP_READY): $(NEEDS)
	@bash .ci/setup app
	@touch $@

$(TEST_READY): $(NEEDS)
	@bash .ci/setup tests
	@touch $@ $(APP_READY)

.DEFAULT_GOAL := help
.PHONY: help setup review test check lint all inventory prepare classify generate-qa quality-control emit validate \
	upload status quick regen-qa refilter finalize clean clean-all accept bench faults train-check
