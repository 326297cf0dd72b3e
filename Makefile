# Two commands for a stranger: `make serve` and `make test`. Needs Python 3.11 or newer.
PYTHON ?= python3
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin

.PHONY: serve test lint docs sample notebooks pictures next bench bench-large bench-million quality crash hostile strangers clean

serve: $(VENV)/run
	$(BIN)/readingroom ingest .
	$(BIN)/readingroom serve . --port 8001 $(if $(OPEN),--open)

test: $(VENV)/test lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup

hostile: $(VENV)/test ## some four hundred hostile files, made on the spot; minutes
	$(BIN)/python -m tests.hostile

strangers: $(VENV)/test ## what strangers may send, to a server with a large collection; needs ../shared/data
	$(BIN)/python benchmarks/corpus.py .strangers 200000
	$(BIN)/python -m tests.strangers .strangers

lint: $(VENV)/test
	$(BIN)/ruff check ingest plugins tests benchmarks notebooks
	$(BIN)/ruff format --check ingest plugins tests benchmarks notebooks
	$(BIN)/mypy

docs: $(VENV)/test ## rewrite what the program prints into the README and metadata.yml
	$(BIN)/python -m cogapp -r README.md metadata.yml

sample: $(VENV)/run ## rebuild collection.db from sample/
	rm -rf .readingroom collection.db
	$(BIN)/readingroom ingest .

notebooks: $(VENV)/test ## run the notebooks on the sample and keep what they show
	$(BIN)/python notebooks/render.py

pictures: $(VENV)/test ## take the README's picture anew
	$(BIN)/readingroom serve . --port 8009 & sleep 4; $(BIN)/python tests/pictures.py http://127.0.0.1:8009; kill %1

next: .venv-next/made ## the same pages on the coming Datasette 1.0
	.venv-next/bin/python tests/smoke.py

bench: $(VENV)/bench ## ours beside its peers, at 2,000 and 20,000 articles; then every format
	$(BIN)/python benchmarks/bench.py --json .bench/bench.json
	$(BIN)/python benchmarks/formats_speed.py 1000

bench-large: $(VENV)/bench
	$(BIN)/python benchmarks/bench.py --json .bench/large.json 20000 200000

bench-million: $(VENV)/bench ## a night; needs some 60 GB
	$(BIN)/python benchmarks/bench.py --json .bench/million.json --runs 1 200000 1000000

quality: $(VENV)/test ## every measure on gold data beside its floor; needs the collections in ../shared/data
	$(BIN)/python -m benchmarks.quality

crash: $(VENV)/test ## break runs at every system call that matters; needs strace
	$(BIN)/python tests/crash.py

clean:
	rm -rf $(VENV) .venv-next .readingroom .bench

# pip is renewed first: pip 23 cannot install a package that is asked for twice with extras.
$(VENV)/run: pyproject.toml
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/test: $(VENV)/run
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	touch $@

$(VENV)/bench: $(VENV)/test
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	touch $@

.venv-next/made: pyproject.toml Makefile
	.venv-next/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv-next
	.venv-next/bin/python -m pip install --quiet --upgrade pip
	.venv-next/bin/python -m pip install --quiet "datasette==1.0a41" markdown-it-py numpy
	touch $@
