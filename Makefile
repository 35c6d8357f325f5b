# Needed on the machine: make, a POSIX shell and Python 3.11 or newer with its venv module. Everything else is set up here.
.POSIX:
.PHONY: help run test lint format texts bench corpus crash fuzz doctor locks clean
PY = .venv/bin/python
SOURCES = bpmn/
CASES = 500
WALKS = 3000

help: ## show this list
	@sed -n 's/^\([a-z]*\): .*## /make \1	/p' Makefile | expand -t 16

run: ## set up what is missing, then run everything with the demo city (PORT=8000); Ctrl-C stops it
	@./run

test: ## set up what is missing, then check the code and run all tests
	@./run setup all
	@$(MAKE) --no-print-directory check
	$(PY) -m pytest -n 2

lint: ## check style, types, floors and the shipped diagrams
	@./run setup all
	@$(MAKE) --no-print-directory check
	$(PY) cli.py lint $(SOURCES)

check:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

format: ## put the code in order (ruff)
	@./run setup all
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

texts: ## collect new sentences of pages and API for translation
	@./run setup all
	$(PY) -m babel.messages.frontend -q extract -F babel.cfg -k ngettext:1,2 --no-location --sort-output -o var/texts.pot words api web
	$(PY) -m babel.messages.frontend -q update --ignore-obsolete --no-fuzzy-matching --width 120 -i var/texts.pot -d words/translations

bench: ## measure against the plain alternatives, one JSON object per line
	@./run setup all
	$(PY) -m bench

corpus: ## upload and run every diagram below ../shared/data/bpmn, or below DIRS, and count what became of them
	@./run setup all
	$(PY) -m bench.corpus $(DIRS)

crash: ## kill workers, clock, web and connections at random in a run of CASES=500 and compare with a quiet run
	@./run setup all
	CRASH_CASES=$(CASES) $(PY) -m pytest -q -s tests/journeys/test_crashes.py

fuzz: ## walk through WALKS=3000 random diagrams, straight, with reloads, and beside the plain library
	@./run setup all
	CASEWAY_WALKS=$(WALKS) $(PY) -m pytest -q tests/engine/fuzz
	CASEWAY_WALKS=$(WALKS) $(PY) -m pytest -q -m hypothesis --ignore=tests/engine/fuzz

doctor: ## say what is wrong with the settings, servers and files here
	@./run doctor

locks: ## lock the newest allowed versions of all packages (needs the network)
	@./run locks

clean: ## remove what set-up and builds made; the database and files under var/ stay
	rm -rf .venv node_modules web/static/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
