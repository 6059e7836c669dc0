# The commands a person types. What each needs is set up by .ci/prepare.

PORT ?= 8000
ARGS ?=
PYTHON := .venv/bin/python
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test check pictures bench demo clean dev

help: ## list these commands
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1 — /p' $(MAKEFILE_LIST)

run: ## set up and serve the portal with a worker and demo data (PORT=8000)
	@.ci/prepare requirements.txt
	@DEBUG=1 exec $(PYTHON) -m apprenticeship.supervisor

test: dev ## run every test that this machine can run (ARGS="-k wages")
	@.ci/test $(ARGS)

check: dev ## judge format, lint, types, Django's own checks and missing migrations
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	DEBUG=1 $(PYTHON) -m mypy
	DEBUG=1 $(PYTHON) manage.py check
	DEBUG=1 $(PYTHON) manage.py makemigrations --check --dry-run

pictures: dev ## photograph every page and every PDF into var/pictures/
	@DEBUG=1 $(PYTHON) -m tests.pictures $(ARGS)

bench: dev ## measure pages, papers, seals, and candidates and desk on large databases
	@DEBUG=1 $(PYTHON) -m tests.bench $(ARGS)

demo: ## fill the database with demo data
	@.ci/prepare requirements.txt
	@DEBUG=1 $(PYTHON) manage.py migrate --verbosity 0
	@DEBUG=1 $(PYTHON) manage.py createcachetable
	@DEBUG=1 $(PYTHON) manage.py demo $(ARGS)

clean: ## remove the virtual environment and caches; var/ with the data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles

dev:
	@.ci/prepare requirements-dev.txt
