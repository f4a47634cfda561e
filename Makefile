# One word a chore. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check bench docs lock llama vendor fmt clean
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock"

help: ## list the chores
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: ## start the hub (the first time: install what it needs)
	@scripts/setup.sh runtime
	@exec $(BIN)/hub run

test: ## run every test this machine can run, and say which were left out
	@scripts/setup.sh dev
	@exec $(BIN)/pytest -n auto --dist loadfile

check: ## lint, formatting, types, import contracts, tests: what has to hold before a commit
	@scripts/setup.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) test

bench: ## measure the claims: each script in benchmarks/ prints its table
	@scripts/setup.sh dev
	@set -e; for script in benchmarks/[a-z]*.py; do \
		printf '\n== %s\n' "$$script"; PYTHONPATH=. $(BIN)/python "$$script"; done

docs: ## write again the parts of docs/ that come from the code
	@scripts/setup.sh dev
	$(BIN)/python scripts/reference.py

lock: ## renew the pinned versions in requirements/
	@scripts/setup.sh dev
	$(COMPILE) --upgrade pyproject.toml --group build -o requirements/runtime.txt
	$(COMPILE) --upgrade pyproject.toml --group build --extra dev -c requirements/runtime.txt \
		-o requirements/dev.txt
	$(COMPILE) --upgrade pyproject.toml --extra llama -c requirements/runtime.txt -o requirements/llama.txt
	$(COMPILE) --upgrade --group build-llama -c requirements/dev.txt -o requirements/llama-build.txt

llama: ## install the runtime of the local model (compiles for some minutes)
	@exec scripts/llama.sh

vendor: ## fetch the files under web/static/vendor again and verify them
	@scripts/setup.sh dev
	$(BIN)/python scripts/vendor.py

fmt: ## format the code and mend what can be mended by itself
	@scripts/setup.sh dev
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/ruff check .

clean: ## remove what make built: .venv and caches, never the home's data
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find hub skills integrations web store tests benchmarks scripts -name __pycache__ -type d \
		-prune -exec rm -rf {} +
