# `make` sets everything up and runs the bundled study; `make test` checks the project.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: all run test test-all test-studies test-rest test-fuzz test-reports test-plots lint lab figures report notebooks docs benchmark-themes benchmark-named benchmark-speed benchmark-encoders benchmark-scaling benchmark-trends benchmark-identity benchmark-explorer lock clean

all: run

# Modules are compiled when they are first imported: to compile all of them here takes a minute.
$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# The main job: themes, trends, figures and the report of study.toml.
run: $(READY)
	$(BIN)/themeline run study.toml

# Two at a time, the longest first: lint fills the gap at the end. What no part names is in test-rest.
STUDIES := tests/study tests/notebooks tests/docs tests/themes/test_bundled.py tests/test_cli.py
FUZZ := tests/corpus/test_fuzz.py
PLOTS := tests/plots tests/results
REPORTS := tests/reports
PARTS := test-studies test-rest test-fuzz test-reports test-plots
PYTEST = $(BIN)/pytest -p no:cacheprovider $(if $(EVERY),-m "")

test: $(READY)
	$(MAKE) --keep-going --output-sync=target -j2 $(PARTS) lint

# Everything, the slow checks too; damaged files alone take half an hour.
test-all:
	$(MAKE) test EVERY=1

# All that runs the bundled study: once, for it takes its time.
test-studies: $(READY)
	$(PYTEST) $(STUDIES)

test-fuzz: $(READY)
	$(PYTEST) $(FUZZ)

test-plots: $(READY)
	$(PYTEST) $(PLOTS)

test-reports: $(READY)
	$(PYTEST) $(REPORTS)

test-rest: $(READY)
	$(PYTEST) $(addprefix --ignore=,$(STUDIES) $(FUZZ) $(PLOTS) $(REPORTS))

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy

# In a container one is often root, which JupyterLab refuses unless it is told.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# It asks nobody for news or updates, and does not ask whether it may.
QUIET_LAB := {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}

lab: $(READY)
	mkdir -p .venv/share/jupyter/lab/settings
	echo '$(QUIET_LAB)' > .venv/share/jupyter/lab/settings/overrides.json
	$(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks/00_start.ipynb $(AS_ROOT)

figures: $(READY)
	$(BIN)/themeline figures study.toml

report: $(READY)
	$(BIN)/themeline report study.toml

# Executes every notebook; the pages go to figures/notebooks/ and the notebooks stay as they are.
notebooks: $(READY)
	test -f data/results/run.json || $(BIN)/themeline run study.toml
	$(BIN)/python -m docs.generating.notebooks figures/notebooks

# The documentation, of the bundled study: docs/_build/index.html
docs: $(READY)
	test -f data/results/run.json || $(BIN)/themeline run study.toml
	$(BIN)/python -m sphinx -W --keep-going -q -E -b html docs docs/_build

# Theme quality against peers, on labelled corpora that are no part of the project: make benchmark-themes CORPORA=DIR
PEERS := .venv/peers
LIST_PEERS := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["benchmark"])

benchmark-themes: $(PEERS)/.ready
	$(BIN)/python -m tests.benchmarks.themes --corpora "$(or $(CORPORA),$(error Give the folder of the labelled corpora: CORPORA=DIR))"

# Named themes against the labels of authors: make benchmark-named CORPORA=DIR
benchmark-named: $(READY)
	$(BIN)/python -m tests.benchmarks.themes.named --corpora "$(or $(CORPORA),$(error Give the folder of the labelled corpora: CORPORA=DIR))"

# Trends against simulated corpora of known truth, and against the rules of peers; half an hour on two cores
benchmark-trends: $(READY)
	$(BIN)/python -m tests.benchmarks.trends

# Apart, and without dependencies: a peer must not change the versions that the lock pins.
$(PEERS)/.ready: $(READY) pyproject.toml
	rm -rf $(PEERS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(PEERS) \
	  $$($(BIN)/python -c '$(LIST_PEERS)')
	touch $@

# From file to report against stock BERTopic, at growing sizes: make benchmark-speed CORPORA=DIR [SIZES=78,1000]
benchmark-speed: $(READY)
	$(BIN)/python -m tests.benchmarks.speed --corpora "$(or $(CORPORA),$(error Give the folder of the corpora: CORPORA=DIR))" \
	  $(if $(SIZES),--sizes $(SIZES))

# Encoders: how fast, and how good the themes are: make benchmark-encoders CORPORA=DIR
benchmark-encoders: $(READY)
	$(BIN)/python -m tests.benchmarks.encoders --corpora "$(or $(CORPORA),$(error Give the folder of the corpora: CORPORA=DIR))"

# What a paper costs on Dask, and what two workers gain: make benchmark-scaling CORPORA=DIR
benchmark-scaling: $(READY)
	$(BIN)/python -m tests.benchmarks.scaling --corpora "$(or $(CORPORA),$(error Give the folder of the corpora: CORPORA=DIR))"

# Themes found again in monthly re-fits: make benchmark-identity CORPORA=DIR; twenty minutes on one core
benchmark-identity: $(READY)
	$(BIN)/python -m tests.benchmarks.identity --corpora "$(or $(CORPORA),$(error Give the folder of the corpora: CORPORA=DIR))"

# The explorer's page in a browser: first picture, lasso, search, size: make benchmark-explorer STUDY=DIR
benchmark-explorer: $(READY)
	$(BIN)/python -m tests.benchmarks.explorer "$(or $(STUDY),$(error Give the folder of a study: STUDY=DIR))"

# Pins what a fresh environment resolves to. Edit pyproject.toml first.
lock:
	rm -rf .venv-lock
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,docs]'
	.venv-lock/bin/python -m pip freeze --exclude-editable | sed 's/^\(torch==[0-9.]*\)+cpu$$/\1/' > requirements.lock
	rm -rf .venv-lock

clean:
	rm -rf .venv .venv-lock .mypy_cache .ruff_cache .pytest_cache .hypothesis
