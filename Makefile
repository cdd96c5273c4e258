# Sambatan. `make demo` starts everything and plays a working day; `make test` runs the whole suite.

PYTHON ?= python3
VENV ?= .venv
SHELL := /bin/sh

hash = $(shell cat $(1) | sha256sum | cut -c1-16)
RUN_LISTS := requirements.txt requirements-embedded.txt
DEV_LISTS := $(RUN_LISTS) requirements-dev.txt
RUN := $(VENV)/run-$(call hash,$(RUN_LISTS))
DEV := $(VENV)/dev-$(call hash,$(DEV_LISTS))
PY := $(VENV)/bin/python
LOCAL := $(PY) -m deploy.local

.DEFAULT_GOAL := help
.PHONY: help up demo down reset status seed test lint format types bench faults docs lock image compose

help: ## show this help
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ the system

up: $(RUN) ## start everything; ready when it returns (brings in the demo city the first time)
	@$(LOCAL) up

demo: $(RUN) ## start everything and play a working day of the demo city
	@$(LOCAL) demo

status: $(RUN) ## show what runs
	@$(LOCAL) status

down: $(RUN) ## stop everything in order; the data stay
	@$(LOCAL) down

reset: $(RUN) ## stop everything and forget the data
	@$(LOCAL) reset

seed: $(RUN) ## bring in the demo city, also into servers that were given
	@$(LOCAL) seed

##@ working on it

test: $(DEV) ## run the whole suite on servers of its own
	@$(PY) -m pytest -n auto --dist loadgroup --reruns 1 $(ARGS)

lint: $(DEV) ## check style and the direction of imports
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports

format: $(DEV) ## format the sources
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

types: $(DEV) ## check the types
	@$(VENV)/bin/mypy

bench: $(DEV) ## measure the running system; writes bench-results/
	@$(PY) -m tests.bench $(ARGS)

faults: $(DEV) ## kill processes under load and count that nothing is lost
	@$(PY) -m tests.faults $(ARGS)

docs: $(DEV) ## generate the documents that come from the code
	@$(PY) -m gateway.openapi
	@$(PY) -m gateway.asyncapi

lock: $(DEV) ## pin the packages anew, with hashes and without addresses
	@for list in requirements requirements-embedded requirements-dev; do \
	    $(VENV)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	        --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	        $(ARGS) $$list.in --output-file $$list.txt; \
	done

image: ## build the container image of all processes
	docker build --tag sambatan:latest .

compose: $(DEV) ## check docker-compose.yml: start it, play through it, remove it
	@$(PY) -m tests.compose $(ARGS)

$(RUN):
	@sh deploy/local/bootstrap.sh "$(PYTHON)" "$(VENV)" "$@" $(RUN_LISTS)

$(DEV):
	@sh deploy/local/bootstrap.sh "$(PYTHON)" "$(VENV)" "$@" $(DEV_LISTS)
	@touch $(RUN)
